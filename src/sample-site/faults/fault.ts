import type { Answer } from '../http/answer.ts';
import type { Call } from '../http/call.ts';
import type { Delivery } from '../http/delivery.ts';
import type { Site } from '../http/site.ts';
import type { View } from '../http/view.ts';

/** A parameter of a fault, for checking it and for help. */
export type FaultParameter = Readonly<{ kind: 'number' | 'text'; usual: string; meaning: string }>;

/** A fault's parameters as given, with the usual value where none was. */
export type FaultValues = Readonly<{ text: (name: string) => string; number: (name: string) => number }>;

/** What a request looks like to a fault that answers in the server's place. */
export type Ground = Readonly<{ site: Site; call: Call; values: FaultValues }>;

/** One way for a server to misbehave: what it does at each of the four steps of answering. */
export type Fault = Readonly<{
  summary: string;
  parameters: Readonly<Record<string, FaultParameter>>;
  /** Changes who asks, what is visible, and how much is given. */
  view?: (view: View, values: FaultValues) => View;
  /** Answers instead of the handler. */
  answer?: (ground: Ground) => Answer;
  /** Changes what the handler answered. */
  rewrite?: (answer: Answer, ground: Ground) => Answer;
  /** Sends the bytes another way than whole and at once. */
  deliver?: (delivery: Delivery, values: FaultValues) => Promise<void>;
}>;
