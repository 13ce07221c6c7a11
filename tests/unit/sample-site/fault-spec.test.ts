import { describe, expect, test } from '@jest/globals';
import { createFaultBoard } from '../../../src/sample-site/faults/fault-board.ts';
import { faultHelp } from '../../../src/sample-site/faults/fault-help.ts';
import { parseFault } from '../../../src/sample-site/faults/fault-spec.ts';
import { faults } from '../../../src/sample-site/faults/faults.ts';
import { WrongFault } from '../../../src/sample-site/faults/wrong-fault.ts';
import { realClock } from '../../support/test-clock.ts';

describe('a fault', () => {
  test('is read from its name and parameters, addresses among them', () => {
    expect(parseFault('redirect:to=https://login.example:8443/a?b=c,count=2')).toEqual({
      name: 'redirect',
      to: 'https://login.example:8443/a?b=c',
      count: '2',
    });
  });

  test.each(['nonsense', 'rate_limit:retry=1', 'rate_limit:count=many', 'rate_limit:count', 'constructor'])(
    'that does not exist is told so: %s',
    (text) => {
      expect(() => parseFault(text)).toThrow(WrongFault);
    },
  );

  test('is described in the help text, each of them', () => {
    const help = faultHelp();

    for (const name of Object.keys(faults)) expect(help).toContain(`  ${name} `);
  });
});

describe('a board of faults', () => {
  test.each([
    ['rate_limit', [1, 2, 3, 4, 5, 6]],
    ['rate_limit:nth=3', [3]],
    ['rate_limit:after=2', [3, 4, 5, 6]],
    ['rate_limit:count=2', [1, 2]],
    ['rate_limit:after=1,count=2', [2, 3]],
    ['rate_limit:path=/other', []],
    ['rate_limit:method=POST', []],
  ])('strikes the requests that %s names', (fault, expected) => {
    expect(strikesOf(fault)).toEqual(expected);
  });

  test('strikes by chance the same requests for the same seed, about as often as told', () => {
    const once = strikesOf('rate_limit:probability=0.3,fault_seed=4', 1_000);

    expect(strikesOf('rate_limit:probability=0.3,fault_seed=4', 1_000)).toEqual(once);
    expect(once.length).toBeGreaterThan(230);
    expect(once.length).toBeLessThan(370);
  });

  test('forgets a fault by id and by name', () => {
    const board = createFaultBoard(realClock);
    const id = board.add('login_page');
    board.add({ name: 'rate_limit', count: 3 });
    board.add('rate_limit');

    expect(board.remove(id)).toBe(1);
    expect(board.remove('rate_limit')).toBe(2);
    expect(board.list()).toEqual([]);
  });
});

function strikesOf(fault: string, requests = 6): number[] {
  const board = createFaultBoard(realClock);
  board.add(fault);
  return Array.from({ length: requests }, (_, at) => at + 1).filter(
    () => board.strike('GET', '/wiki/api/v2/pages').length > 0,
  );
}
