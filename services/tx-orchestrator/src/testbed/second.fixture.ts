import { createMetrics } from '@ironforge/service-kit';
import { createStore } from '@ironforge/store';
import { startOrchestrator } from '../app.ts';
import { parseConfig } from '../config.ts';
import type { World } from './world.fixture.ts';

/** Another orchestrator on the same parts: what it is asked for waits for nothing that the first is busy with. */
export async function startSecond(world: World) {
  await using stack = new AsyncDisposableStack();
  const config = parseConfig(world.environment);
  const store = stack.use(
    createStore({ url: config.DATABASE_URL, log: world.log, pool: { min: 0, max: 8 } }),
  );
  const parts = { ...world, store, metrics: createMetrics('tx-orchestrator') };
  const { url } = stack.use(await startOrchestrator(config, parts));
  const running = stack.move();
  return { url, [Symbol.asyncDispose]: () => running.disposeAsync() };
}
