import type { Clock, NewId } from '@ironforge/kernel';
import type { CallInternal, EventMaker } from '@ironforge/service-kit';
import type { Outbox, Store } from '@ironforge/store';
import type { Chains } from './chains.ts';
import type { Telemetry } from './telemetry.ts';

/** What routes and handlers work with. */
export interface RegistryDeps {
  readonly store: Store;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly events: EventMaker;
  readonly call: CallInternal;
  readonly chains: Chains;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  readonly newId: NewId;
}
