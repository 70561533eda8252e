import type { Actor, Authority, SealedPersonal } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';

/** One audit entry before it has a number. */
export interface Entry {
  readonly id: string;
  readonly tenantId: TenantId;
  readonly eventId: string;
  /** What the versions belong to; the event itself when it stands outside an aggregate. */
  readonly aggregate: string;
  /** 0 outside an aggregate: such an entry waits for no other. */
  readonly aggregateVersion: number;
  readonly type: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly action: string;
  readonly status: 'success' | 'failure';
  readonly actorType: Actor['type'];
  readonly actorId: string;
  readonly authority: Authority | null;
  readonly requestId: string | null;
  readonly chainId: string | null;
  readonly txHash: string | null;
  readonly occurredAt: Date;
  readonly details: unknown;
  /** From where it was asked for, under the data key of the person; null where nobody asked, or he was erased meanwhile. */
  readonly personal: SealedPersonal | null;
}

/** From where somebody acted. */
export interface Whereabouts {
  readonly clientIp: string | null;
  readonly userAgent: string | null;
}

/** An entry before what is personal in it is sealed; never stored. */
export interface OpenEntry extends Omit<Entry, 'personal'> {
  /** Null where nobody asked: what services and chains do by themselves. */
  readonly whereabouts: Whereabouts | null;
}
