import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lockFolder } from '../../../src/postgres/lock-folder.ts';
import { openDatabase } from '../../../src/postgres/open-database.ts';
import { LeaseTaken } from '../../../src/sync/errors.ts';
import { batch, record } from '../../contract/page-store-values.ts';
import { databaseParts } from '../../support/database-parts.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'confluence-sync-embedded-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('an embedded database', () => {
  test('keeps what was stored when it is opened again, and lets nobody else in meanwhile', async () => {
    const settings = { url: `pglite:${join(folder, 'mirror')}`, schema: 'wiki', poolMax: 5 };
    const first = await openDatabase(settings, databaseParts);
    await first.migrator.up();
    const grant = await first.lease.acquire();
    await first.store.load(batch({ records: [record('7')] }));

    await expect(openDatabase(settings, databaseParts)).rejects.toThrow(LeaseTaken);
    await grant.release();
    await first.close();

    const second = await openDatabase(settings, databaseParts);
    expect(await second.reader.known({ ids: ['7'], range: null })).toHaveLength(1);
    expect(await second.describe()).toMatchObject({ kind: 'pglite' });
    await second.close();
  });
});

describe('the lock of a folder', () => {
  test('is free again when it was given back, and leaves nothing', async () => {
    const home = join(folder, 'mirror');
    const unlock = await lockFolder(home);
    await unlock();

    const again = await lockFolder(home);
    await again();

    expect(await readdir(folder)).toEqual(['mirror']);
  });

  test('of another process holds, and a kill -9 ends it', async () => {
    const home = join(folder, 'mirror');
    const holder = await holdElsewhere(home);

    await expect(lockFolder(home)).rejects.toThrow(/another process has the database .* open/);
    holder.kill('SIGKILL');
    await once(holder, 'exit');

    const unlock = await lockFolder(home);
    await unlock();
  });

  test('of a suspended process holds', async () => {
    const home = join(folder, 'mirror');
    const holder = await holdElsewhere(home);
    holder.kill('SIGSTOP');

    await expect(lockFolder(home)).rejects.toThrow(LeaseTaken);

    holder.kill('SIGKILL');
    await once(holder, 'exit');
  });

  test('goes to one at most of many that want it at once, over the lock of a dead one', async () => {
    const home = join(folder, 'mirror');
    const holder = await holdElsewhere(home);
    holder.kill('SIGKILL');
    await once(holder, 'exit');

    const asked = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(home)));

    const granted = asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
    expect(granted.length).toBeLessThanOrEqual(1);
    await granted[0]?.();
    await (
      await lockFolder(home)
    )();
  });

  test('works in a folder whose path is too long for a socket', async () => {
    const home = join(folder, 'a'.repeat(90), 'mirror');
    const unlock = await lockFolder(home);

    await expect(lockFolder(home)).rejects.toThrow(LeaseTaken);
    await unlock();
  });
});

/** A process that has locked the folder, and says so. */
async function holdElsewhere(home: string): Promise<ChildProcess> {
  const module = new URL('../../../src/postgres/lock-folder.ts', import.meta.url).href;
  const program = `const { lockFolder } = await import(${JSON.stringify(module)});
    await lockFolder(${JSON.stringify(home)}); setInterval(() => undefined, 1e6); console.log('locked');`;
  const parameters = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, parameters, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  await once(child.stdout, 'data');
  return child;
}
