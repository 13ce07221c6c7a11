import { removeCluster, startCluster } from '../tests/support/real-postgres-cluster.ts';
import { homeOf, removeOrphans } from '../tests/support/real-postgres-home.ts';

// Starts a PostgreSQL of its own, prints its address, and stops and removes it on SIGINT or SIGTERM.
removeOrphans();
const home = homeOf(process.pid);

const stopped = new Promise((stop) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, stop);
});
// A promise alone does not keep the process alive.
const alive = setInterval(() => undefined, 60_000);

try {
  console.log((await startCluster(home)).url);
  await stopped;
} finally {
  clearInterval(alive);
  removeCluster(home);
}
