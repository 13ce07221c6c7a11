import type { PageCounts, RunReport, SpaceReport } from '../sync/report.ts';
import type { Output } from './context.ts';
import { printLine, printTable } from './print.ts';

const COLUMNS = [
  'listed',
  'unchanged',
  'created',
  'updated',
  'moved',
  'restored',
  'deleted',
  'failed',
] as const;
/** A site may have thousands of spaces: those where nothing happened are summed up. */
const SHOWN_SPACES = 30;

/** Prints a report for people. */
export function printReport(output: Output, report: RunReport): void {
  const seconds = (report.duration_ms / 1000).toFixed(1);
  const what = `${report.mode} ${report.dry_run === true ? 'dry run' : 'sync'}`;
  printLine(
    output,
    `${what} ${report.outcome} in ${seconds} s, ${report.api.requests} requests to Confluence`,
  );
  const eventful = report.spaces.filter((space) => isEventful(space)).slice(0, SHOWN_SPACES);
  const others = report.spaces.length - eventful.length;
  const rows = eventful.map((space) => [space.key, ...numbers(space.counts), space.listing]);
  if (others > 0)
    rows.push([
      `${others} ${eventful.length > 0 ? 'more' : 'spaces'}`,
      ...numbers(rest(report, eventful)),
      '',
    ]);
  printTable(output, ['space', ...COLUMNS, 'listing'], [...rows, ['total', ...numbers(report.counts), '']]);
  for (const space of report.spaces) printTrouble(output, space);
  for (const note of report.notes) printLine(output, `note: ${note}`);
  if (report.counts.failed > 0)
    printLine(
      output,
      `${countPages(report.counts.failed)} in quarantine: confluence-sync failures list says why`,
    );
}

function countPages(count: number): string {
  return count === 1 ? '1 page is' : `${count} pages are`;
}

function isEventful({ counts, listing, held }: SpaceReport): boolean {
  return (
    counts.listed !== counts.unchanged || counts.deleted > 0 || listing === 'incomplete' || held !== undefined
  );
}

function numbers(counts: PageCounts): readonly number[] {
  return COLUMNS.map((column) => counts[column]);
}

function rest(report: RunReport, shown: readonly SpaceReport[]): PageCounts {
  const left = { ...report.counts };
  for (const space of shown) for (const column of COLUMNS) left[column] -= space.counts[column];
  return left;
}

function printTrouble(output: Output, space: SpaceReport): void {
  if (space.reason !== undefined) printLine(output, `space ${space.key}: ${space.reason}`);
  if (space.held !== undefined) {
    const { reason, would_delete: count, of_pages: pages } = space.held;
    printLine(output, `space ${space.key} is held: ${count} of ${pages} pages would be deleted, ${reason}`);
    printLine(output, '  look at them in Confluence, then run sync --accept-deletes to let them go');
  }
  if (space.unconfirmed !== undefined)
    printLine(
      output,
      `space ${space.key}: ${space.unconfirmed.length} pages stay, Confluence gave no clear word on them`,
    );
}
