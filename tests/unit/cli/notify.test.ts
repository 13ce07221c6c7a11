import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { notify } from '../../../src/cli/notify.ts';
import type { RunOutcome, RunReport } from '../../../src/sync/report.ts';
import { quietLog, realClock } from '../../support/test-clock.ts';

const never = new AbortController().signal;
const parts = { clock: { ...realClock, sleep: () => Promise.resolve() }, log: quietLog };
let server: Server;
afterEach(() => {
  server.close();
});

/** A webhook that answers with these statuses in turn, and what it was sent. */
async function webhook(...statuses: number[]): Promise<{ url: string; told: unknown[] }> {
  const told: unknown[] = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      told.push(JSON.parse(body));
      response.writeHead(statuses[told.length - 1] ?? 200, { connection: 'close' }).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, told };
}

function result(outcome: RunOutcome, entered = 0) {
  return { report: { run_id: 'r-1', outcome } as RunReport, error: null, entered };
}

test.each<[RunOutcome, number, number]>([
  ['failed', 0, 1],
  ['held', 0, 1],
  ['partial', 2, 1],
  ['partial', 0, 0],
  ['succeeded', 0, 0],
  ['interrupted', 0, 0],
])('a run that %s with %d pages new in quarantine tells %d times', async (outcome, entered, times) => {
  const { url, told } = await webhook();

  await notify(url, result(outcome, entered), parts, never);

  expect(told).toEqual(Array.from({ length: times }, () => ({ run_id: 'r-1', outcome })));
});

test('it is tried three times, and no more', async () => {
  const { url, told } = await webhook(500, 500, 500, 200);

  await notify(url, result('failed'), parts, never);

  expect(told).toHaveLength(3);
});

test('a webhook that cannot be reached fails nothing', async () => {
  const { url } = await webhook();
  server.close();

  await expect(notify(url, result('failed'), parts, never)).resolves.toBeUndefined();
});
