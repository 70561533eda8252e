import type { Store } from '@ironforge/store';
import type { Follower } from '../follow/follow-log.ts';
import { placeBeforeBytes } from '../queries/audit-entries.ts';
import { insertFollower } from '../queries/audit-followers.ts';
import { createLine } from './create-line.ts';
import { frameEntry } from './frame-entry.ts';
import type { PushTarget } from './targets.ts';

/** What pushing stands on. */
export interface PushDeps {
  readonly store: Store;
  /** The name of this machine. */
  readonly host: string;
}

/**
 * More than the kernels of both sides hold of what was written and not read: who takes a connection up again sends so much once more,
 * since nobody says what of it had arrived.
 */
const REPEATED_BYTES = 8 * 2 ** 20;

/** The name of the follower that serves a receiver. */
export function pushName(target: string): string {
  return `push:${target}`;
}

/** Brings a tenant's entries to a receiver over TCP or TLS. */
export function pushFollower({ store, host }: PushDeps, target: PushTarget): Follower & Disposable {
  const { tenantId } = target;
  const name = pushName(target.name);
  const line = createLine(target);
  return {
    tenantId,
    name,
    prepare: async (tx) => await insertFollower(tx, tenantId, name),
    beginFrom: async (noted, signal) => {
      await line.open(signal);
      const span = { upTo: noted, bytes: REPEATED_BYTES };
      return await store.forTenant(tenantId).read((tx) => placeBeforeBytes(tx, tenantId, span));
    },
    deliver: async (entries, signal) => {
      await line.send(entries.map((entry) => frameEntry(entry, target, host)).join(''), signal);
    },
    [Symbol.dispose]: () => line.close(),
  };
}
