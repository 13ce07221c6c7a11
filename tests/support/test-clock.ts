import { databaseParts } from './database-parts.ts';

/** Real time, for tests in which time does not matter. */
export const realClock = databaseParts.clock;

/** A log that keeps nothing. */
export const quietLog = databaseParts.log;
