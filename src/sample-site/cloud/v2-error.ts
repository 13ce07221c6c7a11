import { jsonAnswer } from '../http/answer.ts';
import { Refusal } from '../http/refusal.ts';

/** An error in the shape of the v2 API. */
export function v2Error(status: number, code: string, title: string): Refusal {
  return new Refusal(jsonAnswer({ errors: [{ status, code, title, detail: null }] }, status));
}

/** A parameter that the v2 API does not take. */
export function badParameter(name: string, value: string, why: string): Refusal {
  return v2Error(400, 'INVALID_REQUEST_PARAMETER', `Provided value {${value}} for '${name}' is not ${why}.`);
}
