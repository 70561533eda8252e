import { setTimeout as sleep } from 'node:timers/promises';
import { flushRedis, spoilRedis } from '../redis.ts';
import type { Row } from '../stage.ts';

/** Redis forgets everything, and remembers what was never said. */
export const cache: Row = {
  name: 'Redis flushed and wrong',
  rounds: { small: 2, full: 15 },
  play: async ({ inject, moved }, rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      await moved();
      await inject('Redis emptied', flushRedis);
      await sleep(250);
      await inject('key of Redis overwritten', spoilRedis);
      await sleep(250);
    }
  },
};
