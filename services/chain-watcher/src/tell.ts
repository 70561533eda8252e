import type { EventMessage } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { WatcherDeps } from './deps.ts';
import { inChunks } from './queries/in-chunks.ts';

/** Puts messages into the outbox, as many at a time as one statement takes. */
export async function tell(
  { outbox }: Pick<WatcherDeps, 'outbox'>,
  tx: Tx,
  messages: readonly EventMessage[],
): Promise<void> {
  await inChunks(messages, async (chunk) => {
    outbox.add(tx, chunk);
    return [];
  });
}
