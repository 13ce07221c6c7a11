import type { FaultParameter } from './fault.ts';

/** Parameters that every fault takes: which requests it strikes. Without any, it strikes all. */
export const faultConditions = {
  path: { kind: 'text', usual: '', meaning: 'only requests whose path and query contain this text' },
  method: { kind: 'text', usual: '', meaning: 'only requests by this method' },
  nth: { kind: 'number', usual: '0', meaning: 'only the nth of these requests, counted from 1' },
  after: { kind: 'number', usual: '0', meaning: 'not the first so many of these requests' },
  count: { kind: 'number', usual: 'Infinity', meaning: 'at most so many times' },
  for_ms: { kind: 'number', usual: 'Infinity', meaning: 'only for so many milliseconds from now' },
  probability: { kind: 'number', usual: '1', meaning: 'each time only with this chance, from 0 to 1' },
  fault_seed: {
    kind: 'number',
    usual: '',
    meaning: 'decides the chances: the same seed strikes the same requests; the site’s own seed unless told',
  },
} as const satisfies Record<string, FaultParameter>;
