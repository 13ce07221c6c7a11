import type { Command } from 'commander';
import type { Database } from '../postgres/open-database.ts';
import type { Config, Need } from '../config/load-config.ts';
import { assertSameSite } from '../sync/assert-same-site.ts';
import { CredentialsRefused, ScopeMissing, SyncError, WrongConfiguration } from '../sync/errors.ts';
import type { PageSource, Site } from '../sync/source.ts';
import { proofsOfReading, type Proof } from './check-reading.ts';
import type { CliContext } from './context.ts';
import { exitCodeOf } from './exit-codes.ts';
import { withMirror } from './open-mirror.ts';
import { openSource } from './open-source.ts';
import { prepare } from './prepare.ts';
import { printJson, printLine } from './print.ts';
import { readingSide } from './reading-side.ts';

type Finding = Readonly<{
  check: string;
  ok: boolean;
  detail: string;
  exitCode: number;
  missingScope?: string;
}>;

/** `check`: proves configuration, Confluence, credentials, spaces and database, fixing nothing. */
export function addCheck(program: Command, context: CliContext): void {
  program
    .command('check')
    .description('prove configuration, credentials, source and database; changes nothing')
    .option('--json', 'print JSON', false)
    .action(async (options: Readonly<{ json: boolean }>) => {
      const source = await checkSource(context);
      const findings = [...source.findings, ...(await checkDatabase(context, source.site))];
      if (options.json)
        printJson(context.out, { ok: findings.every(({ ok }) => ok), checks: findings.map(shown) });
      else for (const finding of findings) printLine(context.out, lineOf(finding));
      context.exit.code = findings.find(({ ok }) => !ok)?.exitCode ?? 0;
    });
}

function shown({ check, ok, detail, missingScope }: Finding) {
  return { check, ok, detail, ...(missingScope !== undefined && { missing_scope: missingScope }) };
}

function lineOf({ check, ok, detail }: Finding): string {
  return `${ok ? 'ok  ' : 'FAIL'}  ${check.padEnd(22)}  ${detail}`;
}

async function checkSource(
  context: CliContext,
): Promise<Readonly<{ findings: readonly Finding[]; site: Site | null }>> {
  const settings = readSettings(context, 'confluence');
  if ('finding' in settings) return { findings: [settings.finding], site: null };
  const { config, log } = settings.prepared;
  const source = openSource(config, log, context);
  try {
    const findings = await proveInTurn([
      ['confluence', () => describeSite(source, context)],
      ['credentials', () => describeAccount(source, config, context)],
      ...proofsOfReading(source, config, context.stop),
    ]);
    // Remembered by the source once the first proof held.
    const site = findings[0]?.ok === true ? await source.site(context.stop) : null;
    return { findings: [succeeded('confluence settings', 'complete'), ...findings], site };
  } finally {
    source.close();
  }
}

async function checkDatabase(context: CliContext, site: Site | null): Promise<readonly Finding[]> {
  const settings = readSettings(context, 'database');
  if ('finding' in settings) return [settings.finding];
  const { config, log } = settings.prepared;
  const proof = () => withMirror(config, log, context, (mirror) => proveMirror(mirror, site));
  return [succeeded('database settings', 'complete'), ...(await proveInTurn([['database', proof]]))];
}

async function proveMirror(mirror: Database, site: Site | null): Promise<string> {
  const found = await mirror.check();
  if (site !== null) assertSameSite(await (await readingSide(mirror)).site(), site);
  return found;
}

function readSettings(context: CliContext, need: Need) {
  try {
    return { prepared: prepare(context, [need], true) };
  } catch (error) {
    if (!(error instanceof WrongConfiguration)) throw error;
    return { finding: failed(`${need} settings`, error) };
  }
}

/** Runs proofs until one fails: what follows would fail for the same reason, but for a scope, which is each question's own. */
async function proveInTurn(proofs: readonly (readonly [string, Proof])[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const [check, proof] of proofs) {
    try {
      findings.push(succeeded(check, await proof()));
    } catch (error) {
      if (!(error instanceof SyncError)) throw error;
      findings.push(failed(check, error));
      if (!(error instanceof ScopeMissing)) break;
    }
  }
  return findings;
}

function succeeded(check: string, detail: string): Finding {
  return { check, ok: true, detail, exitCode: 0 };
}

function failed(check: string, error: SyncError): Finding {
  const scope = error instanceof ScopeMissing && { missingScope: error.scope };
  return { check, ok: false, detail: error.message, exitCode: exitCodeOf(error), ...scope };
}

async function describeSite(source: PageSource, context: CliContext): Promise<string> {
  const { deployment, baseUrl, version, cloudId } = await source.site(context.stop);
  const name = deployment === 'cloud' ? 'Cloud' : 'Data Center';
  const details = [
    version === null ? null : `version ${version}`,
    cloudId === null ? null : `cloud id ${cloudId}`,
  ];
  return [`${name} at ${baseUrl}`, ...details.filter((detail) => detail !== null)].join(', ');
}

async function describeAccount(source: PageSource, config: Config, context: CliContext): Promise<string> {
  const who = await source.whoAmI(context.stop);
  if (who.kind === 'user') return `signed in as ${who.displayName} (${who.id})`;
  if (who.kind === 'unknown')
    return `Confluence does not say who they are, so a sync stores what changes and deletes nothing: ${who.reason}`;
  if (config.credentials.kind === 'anonymous') return 'none, read as a public site';
  throw new CredentialsRefused(
    'Confluence answers as if there were no credentials: check the user and the token',
  );
}
