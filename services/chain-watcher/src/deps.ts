import type { Cache } from '@ironforge/cache';
import type { Clock, Logger, NewId } from '@ironforge/kernel';
import type { Outbox, Store } from '@ironforge/store';
import type { Chains } from './chains.ts';
import type { Messages } from './messages.ts';
import type { Telemetry } from './telemetry.ts';

/** What the parts of the watcher work with. */
export interface WatcherDeps {
  readonly store: Store;
  readonly cache: Pick<Cache, 'read' | 'write'>;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly chains: Chains;
  readonly messages: Messages;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
}
