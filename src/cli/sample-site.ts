import { InvalidArgumentError, Option, type Command } from 'commander';
import { createSampleSite } from '../sample-site/create-sample-site.ts';
import { faultHelp } from '../sample-site/faults/fault-help.ts';
import { parseFault } from '../sample-site/faults/fault-spec.ts';
import { WrongFault } from '../sample-site/faults/wrong-fault.ts';
import { poisonHelp } from '../sample-site/poison/poison-help.ts';
import type { Deployment } from '../sample-site/sample-site.ts';
import type { CliContext } from './context.ts';
import { printLine } from './print.ts';

type Options = Readonly<{
  port: number;
  deployment: Deployment;
  pages: number;
  content?: string;
  seed: number;
  fault: readonly string[];
  faults?: true;
}>;

/** `sample-site`: a Confluence look-alike on loopback, until told to stop. */
export function addSampleSite(program: Command, context: CliContext): void {
  const deployments = new Option('--deployment <kind>', 'what to look like').choices(['cloud', 'datacenter']);
  program
    .command('sample-site')
    .description('serve a Confluence look-alike on loopback, with faults on request')
    .option('--port <number>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 8090)
    .addOption(deployments.default('cloud'))
    .option('--pages <number>', 'pages to invent', wholeNumber(0, 1_000_000), 1000)
    .option('--content <folder>', 'serve the body files of this folder instead')
    .option('--seed <number>', 'the same seed gives the same site', wholeNumber(0, 2_147_483_647), 1)
    .option('--fault <name>', 'misbehave as listed below; may be given several times', gather, [])
    .option('--faults', 'print the faults and the ways for a page to be bad, and end')
    .addHelpText('after', `\n${faultHelp()}\n\n${poisonHelp()}`)
    .action(async (options: Options) => {
      if (options.faults === true)
        for (const line of [faultHelp(), '', poisonHelp()].join('\n').split('\n'))
          printLine(context.out, line);
      else await serve(options, context);
    });
}

function wholeNumber(lowest: number, highest: number) {
  return (text: string): number => {
    const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= lowest && number <= highest))
      throw new InvalidArgumentError(`It must be a whole number from ${lowest} to ${highest}.`);
    return number;
  };
}

function gather(fault: string, faults: readonly string[]): readonly string[] {
  try {
    parseFault(fault);
  } catch (error) {
    if (error instanceof WrongFault) throw new InvalidArgumentError(error.message);
    throw error;
  }
  return [...faults, fault];
}

async function serve(options: Options, context: CliContext): Promise<void> {
  const { deployment, pages, content, seed, fault } = options;
  const site = createSampleSite({
    deployment,
    pages,
    seed,
    faults: fault,
    clock: context.clock,
    ...(content !== undefined && { contentDir: content }),
  });
  const { url, origin, gatewayUrl } = await site.listen(options.port);
  printLine(context.out, `CONFLUENCE_BASE_URL=${url}`);
  printLine(
    context.err,
    `a sample ${deployment} site is at ${url}; edit and break it at ${origin}/-/help; end it with Ctrl-C`,
  );
  if (gatewayUrl !== null)
    printLine(
      context.err,
      `through the gateway it is at ${gatewayUrl}, with tokens from ${origin}/oauth/token`,
    );
  if (!context.stop.aborted)
    await new Promise((resolve) => {
      context.stop.addEventListener('abort', resolve, { once: true });
    });
  await site.close();
}
