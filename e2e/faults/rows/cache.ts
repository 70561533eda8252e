import { setTimeout as sleep } from 'node:timers/promises';
import { chain } from '../../world/environment.ts';
import { fillRedis, flushRedis, spoilRedis } from '../redis.ts';
import type { Row, Stage } from '../stage.ts';

const WHILE_MS = 250;

/** Redis forgets everything, remembers what was never said, and has no room. */
export const cache: Row = {
  name: 'Redis flushed, wrong and full',
  rounds: { small: 2, full: 15 },
  play: async (stage, rounds) => {
    const { inject, moved } = stage;
    for (let round = 0; round < rounds; round += 1) {
      await moved();
      await inject('key of Redis overwritten', () => spoilRedis(keysOf(stage)));
      await sleep(WHILE_MS);
      await inject('Redis emptied', flushRedis);
      await sleep(WHILE_MS);
      await inject('Redis full', () => fillRedis(() => sleep(WHILE_MS)));
    }
  },
};

/** What services keep there while payments are under way: each lane's lock, the counts of calls, the price of gas. */
function keysOf({ wallets, tenant }: Stage): readonly string[] {
  return [
    ...wallets.map(({ address }) => `lock:nonce:{${tenant.id}}:${chain.chainId}:${address.toLowerCase()}`),
    `rate_limit:tenant:{${tenant.id}}`,
    'rate_limit:global',
    `chain:gas_price:${chain.chainId}`,
  ];
}
