import type { Clock } from '../../sync/ambient.ts';
import { createDice, type Dice } from '../dice.ts';
import type { Fault, FaultValues } from './fault.ts';
import { createFaultMemory, type FaultMemory } from './fault-memory.ts';
import { checkFault, parameterOf, parseFault, type FaultSpec } from './fault-spec.ts';
import { faults } from './faults.ts';

/** A fault in force. `seen` counts the requests it could have struck, `struck` those it did. */
export type ActiveFault = Readonly<{ id: string; spec: FaultSpec; seen: number; struck: number }>;

/** The faults in force, to be changed while the site runs. */
export interface FaultBoard {
  /** Puts a fault in force and returns its id; throws `WrongFault`. The latest fault has the last word. */
  add(fault: string | FaultSpec): string;
  /** Lifts the fault of this id, or all of this name; returns how many that were. */
  remove(idOrName: string): number;
  clear(): void;
  list(): readonly ActiveFault[];
}

/** A fault that strikes the request at hand. */
export type Strike = Readonly<{ name: string; fault: Fault; values: FaultValues; memory: FaultMemory }>;

/** The board as the server sees it. */
export interface StrikingFaultBoard extends FaultBoard {
  /** The faults that strike this request; asking counts. */
  strike(method: string, target: string): readonly Strike[];
}

type Entry = {
  id: string;
  spec: FaultSpec;
  values: FaultValues;
  dice: Dice;
  memory: FaultMemory;
  until: number;
  seen: number;
  struck: number;
};

const CHANCES = 1_000_000;

/** Makes an empty board; `seed` decides the chances of faults that bring no seed of their own. */
export function createFaultBoard(clock: Clock, seed = 1): StrikingFaultBoard {
  const entries: Entry[] = [];
  let lastId = 0;

  function add(fault: string | FaultSpec): string {
    const spec = typeof fault === 'string' ? parseFault(fault) : checkFault(fault);
    const values = readValues(spec, seed);
    const id = String(++lastId);
    const until = clock.monotonicMs() + values.number('for_ms');
    entries.push({
      id,
      spec,
      values,
      dice: createDice(values.number('fault_seed')),
      memory: createFaultMemory(),
      until,
      seen: 0,
      struck: 0,
    });
    return id;
  }

  function remove(idOrName: string): number {
    const gone = entries.filter(({ id, spec }) => id === idOrName || spec.name === idOrName);
    for (const entry of gone) entries.splice(entries.indexOf(entry), 1);
    return gone.length;
  }

  return {
    add,
    remove,
    clear: () => {
      entries.length = 0;
    },
    list: () => entries.map(({ id, spec, seen, struck }) => ({ id, spec, seen, struck })),
    strike: (method, target) =>
      entries
        .filter((entry) => strikes(entry, method, target, clock.monotonicMs()))
        .map(({ spec, values, memory }) => ({ name: spec.name, fault: faults[spec.name], values, memory })),
  };
}

function strikes(entry: Entry, method: string, target: string, now: number): boolean {
  const { values, dice } = entry;
  const wantedMethod = values.text('method').toUpperCase();
  if (wantedMethod !== '' && wantedMethod !== method) return false;
  if (!target.includes(values.text('path')) || now >= entry.until) return false;
  entry.seen++;
  const nth = values.number('nth');
  if (nth > 0 && entry.seen !== nth) return false;
  if (entry.seen <= values.number('after') || entry.struck >= values.number('count')) return false;
  if (dice.below(CHANCES) >= values.number('probability') * CHANCES) return false;
  entry.struck++;
  return true;
}

function readValues(spec: FaultSpec, seed: number): FaultValues {
  const usual = (name: string): string =>
    name === 'fault_seed' ? String(seed) : (parameterOf(spec.name, name)?.usual ?? '');
  const text = (name: string): string => String(spec[name] ?? usual(name));
  return { text, number: (name) => Number(text(name)) };
}
