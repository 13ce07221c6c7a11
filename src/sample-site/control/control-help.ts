import { faultHelp } from '../faults/fault-help.ts';
import { poisonKinds } from '../poison/poison-kinds.ts';
import type { ControlRoute } from './control-routes.ts';

/** What can be done to a running site, as text for people. */
export function controlHelp(routes: readonly ControlRoute[]): string {
  const lines = routes.map(
    ({ method, path, summary }) => `  ${method.padEnd(6)} ${path.padEnd(30)} ${summary}`,
  );
  const kinds = Object.entries(poisonKinds).map(
    ([kind, { refusable, summary }]) =>
      `  ${kind.padEnd(20)} ${summary}${refusable ? ' (to be refused)' : ''}`,
  );
  return ['Control routes', ...lines, '', 'Poison kinds', ...kinds, '', faultHelp(), ''].join('\n');
}
