/** Bells of those who wait for work of their tenant. */
export interface Bells {
  /** Calls `ring` at each word of new work, until it is disposed. */
  hang(tenantId: string, ring: () => void): Disposable;
  ring(tenantId: string): void;
  /** When nobody knows what was missed. */
  ringAll(): void;
}

/** Makes the bells of one process. */
export function createBells(): Bells {
  const hung = new Map<string, Set<() => void>>();
  const ring = (tenantId: string) => hung.get(tenantId)?.forEach((one) => one());
  return {
    ring,
    ringAll: () => [...hung.keys()].forEach(ring),
    hang: (tenantId, one) => {
      const ofTenant = hung.get(tenantId) ?? new Set();
      hung.set(tenantId, ofTenant.add(one));
      return { [Symbol.dispose]: () => takeDown(hung, tenantId, one) };
    },
  };
}

function takeDown(hung: Map<string, Set<() => void>>, tenantId: string, one: () => void): void {
  const ofTenant = hung.get(tenantId);
  ofTenant?.delete(one);
  if (ofTenant?.size === 0) hung.delete(tenantId);
}
