import type { Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Delivery } from '../http/delivery.ts';
import type { Site } from '../http/site.ts';
import type { View } from '../http/view.ts';
import type { Deployment } from '../sample-site.ts';
import type { SiteEdits } from '../state/site-edits.ts';
import type { FaultMemory } from './fault-memory.ts';

/** A parameter of a fault, for checking it and for help. */
export type FaultParameter = Readonly<{
  kind: 'number' | 'text';
  usual: string;
  meaning: string;
  /** The only values there are. */
  choices?: readonly string[];
}>;

/** A fault's parameters as given, with the usual value where none was. */
export type FaultValues = Readonly<{ text: (name: string) => string; number: (name: string) => number }>;

/** What a request looks like to a fault. */
export type Ground = Readonly<{
  site: Site;
  /** Changes the site itself. */
  edit: SiteEdits;
  call: Call;
  values: FaultValues;
  /** What this fault keeps from one request to the next. */
  memory: FaultMemory;
}>;

/** One way for a server to misbehave: what it does at each of the steps of answering. */
export type Fault = Readonly<{
  summary: string;
  /** The one deployment on which it can happen; either, unless told. */
  only?: Deployment;
  /** A parameter of the fault hides a condition of its name, and with it that condition's usual value. */
  parameters: Readonly<Record<string, FaultParameter>>;
  /** Changes who asks, what is visible, and how much is given. */
  view?: (view: View, values: FaultValues, site: Site) => View;
  /** Does something to the site before the answer is made. */
  before?: (ground: Ground) => void;
  /** Answers instead of the handler; null leaves it to the handler. */
  answer?: (ground: Ground) => Answer | null;
  /** Changes what the handler answered, or does something to the site once that is settled. */
  rewrite?: (answer: Answer, ground: Ground) => Answer;
  /** Sends the bytes another way than whole and at once. */
  deliver?: (delivery: Delivery, values: FaultValues) => Promise<void>;
}>;
