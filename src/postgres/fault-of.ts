import { isNativeError } from 'node:util/types';
import { ConnectionLost } from './connection-lost.ts';
import { errorCode } from './error-code.ts';

/**
 * What a database error means: `page` is the fault of the rows sent, `timeout` may be, `conflict` passes when the
 * transaction is tried again, `connection` when it is tried on another connection; `exhausted`, `broken` and
 * `configuration` end the run, `unknown` is not ours to judge.
 */
export type Fault = Readonly<{
  kind: 'page' | 'timeout' | 'conflict' | 'connection' | 'exhausted' | 'broken' | 'configuration' | 'unknown';
  code: string;
  message: string;
}>;

const CONFLICTS = new Set(['40001', '40P01', '55P03']);
const CONNECTION_STATES = new Set([
  '57P01',
  '57P02',
  '57P03',
  '57P04',
  '57P05',
  '25P03',
  '25P04',
  '25006',
  '53300',
]);
/** P0 is what a trigger of somebody else raises. */
const PAGE_CLASSES = new Set(['21', '22', '23', '54', 'P0']);
/** The server's own trouble: its state, its files, its insides. */
const BROKEN_CLASSES = new Set(['55', '58', 'F0', 'XX']);
const CONFIGURATION_CLASSES = new Set(['28', '3D', '3F', '42', '0A']);

/** Judges an error by its SQLSTATE alone. Whatever did not come from the server counts as a lost connection or as unknown. */
export function faultOf(error: unknown): Fault {
  if (error instanceof ConnectionLost)
    return { kind: 'connection', code: error.code, message: error.message };
  const server = serverErrorOf(error);
  if (server === null) return { kind: 'unknown', code: '', message: '' };
  return { kind: kindOf(server.code), code: server.code, message: server.message };
}

/** The SQLSTATE and message of an error that the server sent, or null. */
export function serverErrorOf(error: unknown): Readonly<{ code: string; message: string }> | null {
  if (!isNativeError(error) || !('severity' in error)) return null;
  const code = errorCode(error);
  return code === '' ? null : { code, message: error.message };
}

function kindOf(code: string): Fault['kind'] {
  const sqlClass = code.slice(0, 2);
  if (code === '57014') return 'timeout';
  if (CONFLICTS.has(code)) return 'conflict';
  if (CONNECTION_STATES.has(code) || sqlClass === '08') return 'connection';
  if (PAGE_CLASSES.has(sqlClass)) return 'page';
  if (CONFIGURATION_CLASSES.has(sqlClass)) return 'configuration';
  if (BROKEN_CLASSES.has(sqlClass)) return 'broken';
  return sqlClass === '53' ? 'exhausted' : 'unknown';
}
