import { pino } from 'pino';
import pretty from 'pino-pretty';
import type { Log } from '../sync/ambient.ts';
import type { Output } from './context.ts';

/** How and how much to log. */
export type LogOptions = Readonly<{
  level: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
  format: 'auto' | 'pretty' | 'json';
  redact: (text: string) => string;
}>;

/** Logs to `output`, one line an event; every line passes the redactor, and control characters arrive escaped. */
export function createLog(output: Output, options: LogOptions): Log {
  const isPretty = options.format === 'pretty' || (options.format === 'auto' && output.isTTY === true);
  const destination = isPretty
    ? pretty({
        destination: output,
        colorize: output.isTTY === true,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss',
      })
    : output;
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: options.redact },
    },
    destination,
  );
}
