/**
 * Settings for a program whose timers, and unless told otherwise its clock, run `factor` times as fast, so that its real
 * time-outs and patience can be waited for. Times that others count, such as the database's, are not hurried.
 */
export function hurriedClock(
  factor: number,
  clockFactor = factor,
): Readonly<{ NODE_OPTIONS: string; CONFLUENCE_TIMEOUT_MS: string }> {
  const hurry = `
    import { createRequire, syncBuiltinESMExports } from 'node:module';
    const timers = createRequire('file:///')('node:timers/promises');
    const { setTimeout: later } = globalThis;
    const { setTimeout: sleep } = timers;
    const now = performance.now.bind(performance);
    globalThis.setTimeout = (work, ms, ...rest) => later(work, ms / ${factor}, ...rest);
    timers.setTimeout = (ms, ...rest) => sleep(ms / ${factor}, ...rest);
    performance.now = () => now() * ${clockFactor};
    syncBuiltinESMExports();`;
  return {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hurry)}`,
    // Confluence is in no hurry.
    CONFLUENCE_TIMEOUT_MS: String(30_000 * factor),
  };
}
