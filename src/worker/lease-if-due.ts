import { LeaseTaken } from '../sync/errors.ts';
import type { Lease, LeaseGrant } from '../sync/store.ts';
import { untilStopped } from './until-stopped.ts';

/** What decides whether the lease is worth keeping, and who is told of it. */
export type LeaseTerms = Readonly<{
  isStillDue: () => Promise<boolean>;
  leaseHeld: (held: boolean) => void;
  stop: AbortSignal;
}>;

/**
 * The lease for a run of the schedule. Whoever waited for it while another replica did that very run gets `LeaseTaken`: each
 * due moment makes one run, however many replicas there are.
 */
export function leaseIfDue(lease: Lease, terms: LeaseTerms): Lease {
  return {
    acquire: async () => {
      const grant = await untilStopped(terms.stop, lease.acquire(), (late) => late.release());
      try {
        if (!(await terms.isStillDue())) throw new LeaseTaken('another worker has just done this run');
      } catch (error) {
        await grant.release();
        throw error;
      }
      terms.leaseHeld(true);
      return { lost: grant.lost, release: () => giveBack(grant, terms) };
    },
  };
}

async function giveBack(grant: LeaseGrant, terms: LeaseTerms): Promise<void> {
  terms.leaseHeld(false);
  await grant.release();
}
