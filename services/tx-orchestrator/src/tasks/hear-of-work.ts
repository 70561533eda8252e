import type { Bus, Listener } from '@ironforge/bus';
import { parseEvent } from '@ironforge/service-kit';
import type { Bells } from './bells.ts';

/** Rings for the tenant of each event that may make work for a signer, and for all whenever words may have been missed. */
export function hearOfWork(bus: Bus, bells: Bells): Listener {
  return bus.listen({
    queue: 'tx-orchestrator.tasks',
    onOpen: () => bells.ringAll(),
    onMessage: (body) => {
      const event = parseEvent(body);
      if ('malformed' in event) bells.ringAll();
      else bells.ring(event.tenantid);
    },
  });
}
