import type { TenantId } from '@ironforge/kernel';

/** How many streams each tenant has open in this process. */
export interface OpenStreams {
  readonly isFull: (tenantId: TenantId) => boolean;
  /** The same pieces; while they are being read they count as a stream. */
  readonly counted: <T>(tenantId: TenantId, pieces: AsyncIterable<T>) => AsyncGenerator<T>;
}

/** Counts streams, of which a tenant may have so many at once. */
export function createOpenStreams(most: number): OpenStreams {
  const counts = new Map<TenantId, number>();
  const countOf = (tenantId: TenantId) => counts.get(tenantId) ?? 0;
  const add = (tenantId: TenantId, change: number) => {
    const count = countOf(tenantId) + change;
    if (count === 0) counts.delete(tenantId);
    else counts.set(tenantId, count);
  };
  return {
    isFull: (tenantId) => countOf(tenantId) >= most,
    counted: async function* (tenantId, pieces) {
      add(tenantId, 1);
      try {
        yield* pieces;
      } finally {
        add(tenantId, -1);
      }
    },
  };
}
