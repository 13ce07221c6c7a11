import { faultHelp } from '../faults/fault-help.ts';
import { poisonHelp } from '../poison/poison-help.ts';
import type { ControlRoute } from './control-routes.ts';

/** What can be done to a running site, as text for people. */
export function controlHelp(routes: readonly ControlRoute[]): string {
  const lines = routes.map(
    ({ method, path, summary }) => `  ${method.padEnd(6)} ${path.padEnd(30)} ${summary}`,
  );
  return ['Control routes', ...lines, '', poisonHelp(), '', faultHelp(), ''].join('\n');
}
