/** What the caller can do about a failed run. */
export type Advice = 'retry_later' | 'sign_in' | 'configure' | 'wait_for_other_run' | 'stop';

/**
 * A failure of the run, not of one page. The message says what failed, for which id, and what to do now; it holds no
 * credential and no body. `cause` is never a client library's error: those carry the request's headers.
 */
export abstract class SyncError extends Error {
  abstract override readonly name: string;
  abstract readonly advice: Advice;
}

/** Confluence stayed unavailable after the retries. */
export class ConfluenceUnavailable extends SyncError {
  override readonly name = 'ConfluenceUnavailable';
  readonly advice = 'retry_later';
}

/** The database stayed unavailable after the retries. */
export class DatabaseUnavailable extends SyncError {
  override readonly name = 'DatabaseUnavailable';
  readonly advice = 'retry_later';
}

/** Confluence refused the credentials, or answered as if there were none. */
export class CredentialsRefused extends SyncError {
  override readonly name = 'CredentialsRefused';
  readonly advice = 'sign_in';
}

/** Confluence takes no login of this account before a person has signed in; every further request prolongs that. */
export class LoginLocked extends CredentialsRefused {}

/** Confluence takes the token, but not for what was asked: it lacks this scope. */
export class ScopeMissing extends SyncError {
  override readonly name = 'ScopeMissing';
  readonly advice = 'sign_in';
  readonly scope: string;

  constructor(what: string, scope: string) {
    super(
      `${what} failed: the token lacks the scope ${scope}; add it to the token's scopes, or make a token that has it`,
    );
    this.scope = scope;
  }
}

/** The credentials were another account at the end of the run than at its start. */
export class IdentityChanged extends SyncError {
  override readonly name = 'IdentityChanged';
  readonly advice = 'sign_in';
}

/** A setting, the address of Confluence, the database's schema or a privilege is wrong. */
export class WrongConfiguration extends SyncError {
  override readonly name = 'WrongConfiguration';
  readonly advice = 'configure';
}

/** The database mirrors another Confluence site. */
export class WrongSite extends SyncError {
  override readonly name = 'WrongSite';
  readonly advice = 'configure';
}

/** Another worker holds the lease. */
export class LeaseTaken extends SyncError {
  override readonly name = 'LeaseTaken';
  readonly advice = 'wait_for_other_run';
}

/** This worker lost the lease to another; nothing of the refused transaction was written. */
export class LeaseLost extends SyncError {
  override readonly name = 'LeaseLost';
  readonly advice = 'wait_for_other_run';
}

/** The run was told to stop. */
export class Interrupted extends SyncError {
  override readonly name = 'Interrupted';
  readonly advice = 'stop';
}
