/**
 * When something is due, as a cron expression in a zone. Wall-clock times are milliseconds since 1970 as if the zone were
 * UTC; instants are real milliseconds since 1970.
 */
export type Schedule = Readonly<{
  expression: string;
  zone: string;
  hours: readonly number[];
  minutes: readonly number[];
  seconds: readonly number[];
  /** True where no hour is left out: such a schedule counts elapsed time, any other follows the wall clock. */
  everyHour: boolean;
  /** Whether the day that begins at this wall-clock midnight is one of the schedule's. */
  namesDay(midnight: number): boolean;
  /** How far the zone is ahead of UTC at an instant, in milliseconds. */
  offsetAt(instant: number): number;
}>;

/** The two schedules of a worker. */
export type Plan = Readonly<{ incremental: Schedule; full: Schedule }>;
