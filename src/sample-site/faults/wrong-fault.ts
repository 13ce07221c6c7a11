/** A fault was asked for that does not exist, or with a parameter it does not take. */
export class WrongFault extends Error {
  override readonly name = 'WrongFault';
}
