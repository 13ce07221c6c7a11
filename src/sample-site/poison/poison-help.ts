import { poisonKinds } from './poison-kinds.ts';

/** Every way for a page to be bad, as text for people. */
export function poisonHelp(): string {
  const kinds = Object.entries(poisonKinds).map(
    ([kind, { refusable, summary }]) =>
      `  ${kind.padEnd(20)} ${summary}${refusable ? ' (to be refused)' : ''}`,
  );
  return ['Poison kinds', ...kinds].join('\n');
}
