import { type Clock, type NewId, present, type TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { insertEntries } from '../queries/audit-entries.ts';
import type { SealEntries } from '../personal/seal-whereabouts.ts';
import { authorityOf } from './authority.ts';
import type { Entry, OpenEntry } from './entry.ts';
import { OWN_KINDS, type OwnType } from './own-kinds.ts';
import { whereaboutsOf } from './whereabouts.ts';

/** Something that the audit service does itself, to be told by an entry. */
export interface OwnAct {
  readonly type: OwnType;
  readonly tenantId: TenantId;
  readonly resourceId: string;
  readonly cause: Cause;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Entries about what the service does itself: stored with the deed, in one transaction, so that neither is there without the other. */
export interface OwnEntries {
  /** Prepares an entry, before the transaction: from where it was asked for is sealed. Throws `dependency_down`. */
  make(act: OwnAct): Promise<Entry>;
  /** Stores it; once that is committed it is numbered and sealed as every other. */
  store(tx: Tx, entry: Entry): Promise<void>;
}

/** What own entries are made with. */
export interface OwnEntriesDeps {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly seal: SealEntries;
  /** Told after the commit whose entries were stored. */
  readonly onRecorded: (tenantIds: readonly TenantId[]) => void;
}

/** Makes and stores entries about what the service does itself; each stands alone and waits for no other. */
export function createOwnEntries({ clock, newId, seal, onRecorded }: OwnEntriesDeps): OwnEntries {
  return {
    make: async (act) => {
      const open = toEntry(act, { id: newId(), eventId: newId(), occurredAt: clock() });
      const [entry] = await seal([open]);
      return present(entry, 'the entry that was sealed');
    },
    store: async (tx, entry) => {
      await insertEntries(tx, [entry]);
      tx.afterCommit(() => onRecorded([entry.tenantId]));
    },
  };
}

type Birth = Pick<Entry, 'id' | 'eventId' | 'occurredAt'>;

function toEntry({ type, tenantId, resourceId, cause, details }: OwnAct, birth: Birth): OpenEntry {
  return {
    ...birth,
    tenantId,
    aggregate: birth.eventId,
    aggregateVersion: 0,
    type,
    ...OWN_KINDS[type],
    resourceId,
    status: 'success',
    actorType: cause.actor.type,
    actorId: cause.actor.id,
    authority: authorityOf(cause),
    whereabouts: whereaboutsOf(cause),
    requestId: cause.requestId ?? null,
    chainId: null,
    txHash: null,
    details,
  };
}
