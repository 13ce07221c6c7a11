import { loadConfig, type Config, type Need } from '../config/load-config.ts';
import { createRedactor } from '../config/redact.ts';
import type { Log } from '../sync/ambient.ts';
import type { CliContext } from './context.ts';
import { createLog, type LogOptions } from './create-log.ts';

/** A command's configuration and log. */
export type Prepared = Readonly<{ config: Config; log: Log; redact: (text: string) => string }>;

/** Reads the settings a command needs; `quiet` raises the default level where something else shows the progress. */
export function prepare(context: CliContext, needs: readonly Need[], quiet = false): Prepared {
  const config = loadConfig(context.environment, needs, context.readFile);
  const redact = createRedactor(config.secrets, config.values.CONFLUENCE_EMAIL);
  const { LOG_LEVEL: wanted, LOG_FORMAT: format } = config.values;
  const isDefault = (context.environment['LOG_LEVEL'] ?? '') === '';
  const level: LogOptions['level'] = quiet && isDefault ? 'warn' : wanted;
  return { config, redact, log: createLog(context.err, { level, format, redact }) };
}
