import type { ChainId, Clock, Logger, NewId } from '@ironforge/kernel';
import type { CallInternal, EventMaker } from '@ironforge/service-kit';
import type { Outbox, Store } from '@ironforge/store';
import type { ResolveUsers } from './asks/resolve-users.ts';
import type { ChainById } from './chains.ts';
import type { WithLane } from './lanes/with-lane.ts';
import type { PollDeps } from './tasks/poll.ts';
import type { AddressScreening } from './screening/screening.ts';
import type { Telemetry } from './telemetry.ts';

/** What the orchestrator's routes, handlers and sweepers work with. */
export interface OrchestratorDeps {
  readonly store: Store;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly events: EventMaker;
  readonly call: CallInternal;
  readonly resolveUsers: ResolveUsers;
  readonly withLane: WithLane;
  readonly screening: AddressScreening;
  readonly chainById: ChainById;
  readonly chainIds: readonly ChainId[];
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  readonly telemetry: Telemetry;
  /** Where calls for work wait. */
  readonly polls: PollDeps;
}
