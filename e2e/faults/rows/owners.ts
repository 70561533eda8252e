import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnBound, waitUntil } from '@ironforge/testing';
import { environmentOf, pidOf } from '../fleet.ts';
import type { Row, Stage } from '../stage.ts';

/** Services of which two may run, and the folders of their programs; their leases end after 3 to 5 s. */
const OWNERS = {
  'chain-watcher-evm': 'chain-watcher',
  'tx-orchestrator': 'tx-orchestrator',
  audit: 'audit',
};
const LONGER_THAN_ANY_LEASE_MS = 7_000;

/** Each stands still for longer than it may hold anything, a second one takes over, and the first goes on as if nothing was. */
export const owners: Row = {
  name: 'two owners',
  rounds: { small: 1, full: 3 },
  play: async (stage, rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      await stage.moved();
      await Promise.all(Object.entries(OWNERS).map(([name, folder]) => doubled(stage, name, folder)));
    }
  },
};

async function doubled({ inject }: Stage, name: string, folder: string): Promise<void> {
  const pid = pidOf(name);
  const main = resolve(import.meta.dirname, '../../../services', folder, 'src/main.ts');
  const twin = spawnBound(process.execPath, ['--disable-warning=ExperimentalWarning', main], {
    env: { ...environmentOf(pid), PORT: '0' },
  });
  try {
    await inject(`SIGSTOP of ${name} beyond its leases, with a second owner`, async () => {
      process.kill(pid, 'SIGSTOP');
      await sleep(LONGER_THAN_ANY_LEASE_MS);
      process.kill(pid, 'SIGCONT');
    });
    await sleep(1_000);
  } finally {
    twin.kill('SIGTERM');
    await waitUntil(`the second ${name} has ended`, () => twin.exitCode !== null || twin.signalCode !== null);
  }
}
