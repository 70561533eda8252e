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
  readonly actorType: string;
  readonly actorId: string;
  readonly clientIp: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly chainId: string | null;
  readonly txHash: string | null;
  readonly occurredAt: Date;
  readonly details: unknown;
}
