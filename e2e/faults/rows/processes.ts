import { environment } from '../../world/environment.ts';
import { askToEnd, freezePart, isBack, partNamed } from '../fleet.ts';
import type { Row } from '../stage.ts';

const services = environment.services.map(({ name }) => name);
const servers = ['postgres', 'redis', 'anvil', 'rabbitmq'];

/** Each service dies, and identity stands still: nothing may be signed off while nobody can say who counts. */
export const deadServices: Row = {
  name: 'services killed',
  rounds: { small: 1, full: 4 },
  play: async ({ inject, kill, moved, away }, rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      for (const name of services) {
        await moved();
        await kill(name);
      }
      await moved();
      await inject('SIGSTOP of identity', async () => {
        const from = new Date(Date.now() + LAST_WORDS_MS);
        await freezePart('identity', 2_500);
        away({ what: 'identity', from, to: new Date(from.getTime() + 2_500 - 2 * LAST_WORDS_MS) });
      });
    }
  },
};

/** What identity had answered before, may still be acted on. */
const LAST_WORDS_MS = 500;

/** Each server dies. */
export const deadServers: Row = {
  name: 'servers killed',
  rounds: { small: 1, full: 3 },
  play: async ({ kill, moved }, rounds) => {
    for (let round = 0; round < rounds; round += 1)
      for (const name of servers) {
        await moved();
        await kill(name);
      }
  },
};

/** One service after the other is asked to end and started anew, as an update does it. */
export const rollingRestart: Row = {
  name: 'rolling restart',
  rounds: { small: 1, full: 4 },
  play: async ({ inject, moved }, rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      await moved();
      for (const name of services) {
        const { restarts } = partNamed(name);
        await inject(`restart of ${name}`, async () => {
          askToEnd(name);
          await isBack(name, restarts + 1);
        });
      }
    }
  },
};
