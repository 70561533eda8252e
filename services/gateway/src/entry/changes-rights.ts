import type { Route } from '@ironforge/contracts';

/**
 * Whether rights may be others once a request of this route was answered: whatever is written in identity, and everything about
 * changes, which grant roles and lift suspensions. Reading a change is one of these, so that whoever reads that it was
 * applied finds it applied.
 */
export function changesRights({ service, method, path }: Route): boolean {
  return (service === 'identity' && method !== 'GET') || /^\/v1\/changes(\/|$)/.test(path);
}
