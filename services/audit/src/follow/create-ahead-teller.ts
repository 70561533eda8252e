import type { Logger } from '@ironforge/kernel';
import type { FollowerAhead } from '../queries/audit-followers.ts';

/** Tells of each follower once that its log is shorter than what it got, and once that it no longer is. */
export function createAheadTeller(log: Logger): (rows: readonly FollowerAhead[]) => void {
  const told = new Map<string, FollowerAhead>();
  return (rows) => {
    const keys = new Set(rows.map(keyOf));
    for (const row of rows) if (!told.has(keyOf(row))) tellOf(row);
    for (const [key, row] of told) if (!keys.has(key)) tellEnd(key, row);
  };

  function tellOf(row: FollowerAhead): void {
    told.set(keyOf(row), row);
    const { tenant_id: tenantId, name: follower, followed, sealed } = row;
    const sizes = { followed: Number(followed), sealed: Number(sealed) };
    log.error(
      { alert: ALERT, tenantId, follower, ...sizes },
      'a log is shorter than what a follower got of it',
    );
  }

  /** What it goes on with has the numbers of what it has: it is told nothing of the others. */
  function tellEnd(key: string, { tenant_id: tenantId, name: follower }: FollowerAhead): void {
    told.delete(key);
    log.warn(
      { alert: ALERT, tenantId, follower },
      'a log was shorter than what a follower got, and no longer is',
    );
  }
}

const ALERT = 'audit_follower_ahead';

function keyOf({ tenant_id: tenantId, name }: FollowerAhead): string {
  return `${tenantId} ${name}`;
}
