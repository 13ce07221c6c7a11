/**
 * The connection to the database failed, or could not be made: no answer of the server stands behind this error. `code` is
 * the operating system's or TLS's where there is one. It never holds the driver's error, which knows the password.
 */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
