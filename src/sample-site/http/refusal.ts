import type { Answer } from './answer.ts';

/** A handler's way to answer with an error from any depth. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(`the sample site refuses with HTTP ${answer.status}`);
    this.answer = answer;
  }
}
