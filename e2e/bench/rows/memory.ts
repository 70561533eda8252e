import { setTimeout as sleep } from 'node:timers/promises';
import { environment } from '../../world/environment.ts';
import { landed, rush } from '../load/flight.ts';
import { killService, memoryOfServices } from '../probe/processes.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

const IDLE_MS = 10_000;

/** What each of the services holds when it was started anew and nobody has asked it for anything. */
export async function memoryIdle(): Promise<Found> {
  const returns = await Promise.all(environment.services.map(({ name }) => killService(name)));
  for (const isBack of returns) await isBack();
  await sleep(IDLE_MS);
  return found('memory.idle', await memoryOfServices());
}

/** What they hold while transfers are under way. */
export async function memoryLoaded(stage: Stage): Promise<Found> {
  const crew = await stage.hire('P');
  const flying = rush(crew, { assetId: crew.native, count: stage.options.transfers });
  await Promise.race([flying, sleep(5_000)]);
  const loaded = await memoryOfServices();
  await landed(stage.keep(await flying));
  return found('memory.loaded', loaded);
}

function found(
  row: 'memory.idle' | 'memory.loaded',
  services: Awaited<ReturnType<typeof memoryOfServices>>,
): Found {
  return {
    rows: { [row]: Math.max(...services.map(({ megabytes }) => megabytes)) },
    notes: Object.fromEntries(services.map(({ name, megabytes }) => [`${row}.${name}`, megabytes])),
  };
}
