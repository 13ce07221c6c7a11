import { describe, expect, test } from '@jest/globals';
import { WrongConfiguration } from '../../src/sync/errors.ts';
import type { StoreUnderTest } from './page-store-values.ts';

const NAMES = ['0001_first_tables', '0002_retention', '0003_crash_watch', '0004_unusual_status'];

/** Migrations and the self-check. */
export function schemaTests(current: () => StoreUnderTest): void {
  const owner = () => current().owner ?? current().database;
  const migrator = () => owner().migrator;
  const allDown = async (): Promise<string[]> => {
    const undone: string[] = [];
    for (let step = await migrator().down(); step.length > 0; step = await migrator().down())
      undone.push(...step);
    return undone;
  };

  describe('the schema', () => {
    test('made by the migrations is as the program expects it', async () => {
      await expect(current().database.check()).resolves.toMatch(/tables and privileges are as they must be/);
      expect(await migrator().status()).toEqual({ applied: NAMES, pending: [], unknown: [] });
    });

    test('goes down and up again', async () => {
      expect(await allDown()).toEqual(NAMES.toReversed());
      expect(await migrator().status()).toMatchObject({ applied: [], pending: NAMES });
      await expect(owner().check()).resolves.toMatch(/no tables yet/);

      expect(await migrator().up()).toEqual(NAMES);

      expect(await migrator().up()).toEqual([]);
      await expect(current().database.check()).resolves.toMatch(/as they must be/);
    });

    test('that is newer than the program is refused', async () => {
      await current().query(`insert into confluence_sync_migrations (name) values ('9999_later')`);
      try {
        await expect(migrator().up()).rejects.toThrow(/newer than this program/);
        await expect(current().database.check()).rejects.toThrow(WrongConfiguration);
        expect(await migrator().status()).toMatchObject({ unknown: ['9999_later'] });
      } finally {
        await current().query(`delete from confluence_sync_migrations where name = '9999_later'`);
      }
    });

    test('has no migration of another name', async () => {
      await expect(migrator().up('0815')).rejects.toThrow(/there is no migration "0815"/);
    });

    const drifts: readonly [string, string, RegExp][] = [
      [
        'a column that was renamed',
        'alter table confluence_pages rename url to link',
        /column confluence_pages\.url is missing/,
      ],
      [
        'a column of another type',
        'alter table confluence_pages alter version type bigint',
        /confluence_pages\.version is bigint, not integer/,
      ],
      [
        'a column that may not be null',
        'alter table confluence_pages alter parent_id set not null',
        /confluence_pages\.parent_id is not null/,
      ],
      [
        'a column of somebody else',
        'alter table confluence_pages add owner text not null',
        /confluence_pages\.owner is not ours/,
      ],
      [
        'a table that is gone',
        'drop table confluence_sync_failures',
        /table confluence_sync_failures is missing/,
      ],
      [
        'a deferred constraint',
        'alter table confluence_pages add constraint late unique (url) deferrable',
        /constraint late on confluence_pages is deferrable/,
      ],
    ];
    test.each(drifts)('with %s is refused by name', async (_name, drift, message) => {
      await current().query(drift);
      try {
        await expect(current().database.check()).rejects.toThrow(message);
      } finally {
        await current().query('drop table if exists confluence_sync_failures');
        await current().query('create table if not exists confluence_sync_failures ()');
        await allDown();
        await migrator().up();
      }
    });
  });
}
