import { landed, rush } from '../load/flight.ts';
import { memoryOfServices } from '../probe/processes.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

/** What the services hold before this run's load, each of them. */
export async function memoryIdle(): Promise<Found> {
  return found('memory.idle', await memoryOfServices());
}

/** What they hold while transfers are under way. */
export async function memoryLoaded(stage: Stage): Promise<Found> {
  const crew = await stage.hire('P');
  const flying = rush(crew, { assetId: crew.native, count: stage.options.transfers });
  await Promise.race([flying, new Promise((resolve) => setTimeout(resolve, 5_000))]);
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
