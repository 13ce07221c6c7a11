import { randomUUID } from 'node:crypto';
import { DataType, newDb } from 'pg-mem';
import type { IBackup, IMemoryDb } from 'pg-mem';
import type { RawClient, RawPool, RawResult } from '../../src/postgres/guard-pool.ts';

/**
 * pg-mem as a driver's pool. Bare, its ROLLBACK does nothing, SAVEPOINT does not parse and an error does not end a
 * transaction; this shim makes the three true by backup and restore. There is one connection: who asks waits in line.
 * A transaction that changed the schema cannot be rolled back. pg-mem knows no unnest, no row comparison and no `full join`: what reads and writes pages cannot run on it.
 */
export function createPgMemPool(): RawPool {
  const database = newDb({ noAstCoverageCheck: true });
  registerFunctions(database);
  database.public.none('create table pg_settings (name text, enumvals text[])');
  let last: Promise<void> = Promise.resolve();
  return {
    connect: async () => {
      const before = last;
      let leave = (): void => undefined;
      last = new Promise((resolve) => {
        leave = resolve;
      });
      await before;
      return client(database, leave);
    },
    end: () => last,
  };
}

/** What the product calls and pg-mem does not have. One connection needs no lock. */
function registerFunctions({ public: schema }: IMemoryDb): void {
  const now = (): Date => new Date();
  const settings: Record<string, string> = {
    server_version: '15.0',
    server_version_num: '150000',
    server_encoding: 'UTF8',
  };
  const { text, bigint, integer, timestamptz, uuid, bool } = DataType;
  schema.registerFunction({
    name: 'statement_timestamp',
    returns: timestamptz,
    implementation: now,
    impure: true,
  });
  schema.registerFunction({
    name: 'clock_timestamp',
    returns: timestamptz,
    implementation: now,
    impure: true,
  });
  schema.registerFunction({
    name: 'gen_random_uuid',
    returns: uuid,
    implementation: () => randomUUID(),
    impure: true,
  });
  schema.registerFunction({
    name: 'length',
    args: [text],
    returns: integer,
    implementation: (value: string) => value.length,
  });
  schema.registerFunction({
    name: 'pg_advisory_xact_lock',
    args: [bigint],
    returns: bool,
    implementation: () => true,
  });
  schema.registerFunction({
    name: 'current_setting',
    args: [text],
    returns: text,
    implementation: (name: string) => settings[name] ?? '',
  });
}

type Transaction = { backup: IBackup; savepoints: { name: string; backup: IBackup }[]; aborted: boolean };

function client(database: IMemoryDb, leave: () => void): RawClient {
  const { Client } = database.adapters.createPg() as {
    Client: new () => { query: (text: string, values: unknown[]) => Promise<RawResult> };
  };
  const connection = new Client();
  let transaction: Transaction | null = null;
  const runOne = async (statement: string, parameters: readonly unknown[]): Promise<RawResult> => {
    const [word = '', second = '', third = '', fourth = ''] = statement
      .trim()
      .toLowerCase()
      .split(/[\s;]+/);
    if (word === 'begin') transaction = { backup: database.backup(), savepoints: [], aborted: false };
    if (word === 'begin' || word === 'set') return done(word.toUpperCase());
    if (transaction !== null && (word === 'commit' || (word === 'rollback' && second !== 'to'))) {
      const { aborted, backup } = transaction;
      transaction = null;
      if (word === 'commit' && !aborted) return done('COMMIT');
      backup.restore();
      return done('ROLLBACK');
    }
    if (transaction !== null && word === 'rollback')
      return rollBackTo(transaction, third === 'savepoint' ? fourth : third);
    if (transaction?.aborted === true) throw serverError('25P02', 'current transaction is aborted');
    if (transaction !== null && word === 'savepoint')
      transaction.savepoints.push({ name: second, backup: database.backup() });
    if (word === 'savepoint' || word === 'release') return done(word.toUpperCase());
    try {
      return await connection.query(statement, [...parameters]);
    } catch (error) {
      if (transaction !== null) transaction.aborted = true;
      throw serverErrorFrom(error);
    }
  };
  return {
    query: async (statement, parameters) => {
      if (parameters.length > 0) return runOne(statement, parameters);
      const results: RawResult[] = [];
      for (const part of statement.split(';')) if (part.trim() !== '') results.push(await runOne(part, []));
      return results;
    },
    onLost: () => () => undefined,
    release: leave,
  };
}

function rollBackTo(transaction: Transaction, name: string): RawResult {
  const index = transaction.savepoints.findLastIndex((savepoint) => savepoint.name === name);
  const savepoint = transaction.savepoints[index];
  if (savepoint === undefined) throw serverError('3B001', `savepoint "${name}" does not exist`);
  savepoint.backup.restore();
  transaction.savepoints.splice(index + 1);
  transaction.aborted = false;
  return done('ROLLBACK');
}

function done(command: string): RawResult {
  return { command, rowCount: 0, rows: [] };
}

function serverErrorFrom(error: unknown): Error {
  const coded = error as { code?: string; data?: { code?: string }; message: string };
  return serverError(coded.code ?? coded.data?.code ?? 'XX000', coded.message);
}

function serverError(code: string, message: string): Error {
  return Object.assign(new Error(message), { severity: 'ERROR', code });
}
