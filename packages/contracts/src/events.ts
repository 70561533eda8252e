import type { z } from 'zod';
import { addressBookEvents } from './events/address-book.ts';
import { chainEvents } from './events/chain.ts';
import { changeEvents } from './events/change.ts';
import { identityEvents } from './events/identity.ts';
import { orchestratorEvents, txRequestEvents } from './events/tx-request.ts';
import { walletEvents } from './events/wallet.ts';

/** Every event type with the schema of its data, by the service that says it: the only one that may. */
export const EVENTS_BY_SERVICE = {
  identity: identityEvents,
  'wallet-registry': { ...walletEvents, ...addressBookEvents },
  'tx-orchestrator': { ...orchestratorEvents, ...txRequestEvents, ...changeEvents },
  'chain-watcher': chainEvents,
} as const;

/** Every event type with the schema of its data; the type is also the routing key on `ironforge.events`. */
export const EVENTS = {
  ...EVENTS_BY_SERVICE.identity,
  ...EVENTS_BY_SERVICE['wallet-registry'],
  ...EVENTS_BY_SERVICE['tx-orchestrator'],
  ...EVENTS_BY_SERVICE['chain-watcher'],
} as const;

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType> = z.infer<(typeof EVENTS)[T]>;

/** True for a type that is declared here. */
export function isEventType(text: string): text is EventType {
  return Object.hasOwn(EVENTS, text);
}
