import { appError } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { findSealOf, findCheckpointAt, findNewestCheckpoint } from '../queries/audit-checkpoints.ts';
import { findSizeByTx } from '../queries/audit-copies.ts';

/** Up to where the log had sealed its entries at a moment, and when that was; 0 and null when there was nothing. */
export interface SealedBy {
  readonly sequence: bigint;
  readonly sealedAt: Date | null;
}

/** A moment as somebody names it, and the database of immudb's that its transactions are of; null where there is none. */
export interface Moment {
  readonly asOf: string;
  readonly database: string | null;
}

/**
 * What the log had sealed at a time (RFC 3339), by the number of an entry, or by `immudb:<transaction id>`; a moment to come is now. Throws
 * `validation_failed` for a transaction where there is no immudb.
 */
export async function sealedBy(tx: Tx, tenantId: TenantId, { asOf, database }: Moment): Promise<SealedBy> {
  if (asOf.startsWith(TX))
    return await sealedBySize(tx, tenantId, await copiedBy(tx, tenantId, { asOf, database }));
  if (/^[0-9]+$/.test(asOf)) return await sealedBySize(tx, tenantId, BigInt(asOf));
  const found = await findCheckpointAt(tx, tenantId, new Date(asOf));
  return found === undefined ? NOTHING : { sequence: found.size, sealedAt: found.sealed_at };
}

const TX = 'immudb:';
const NOTHING: SealedBy = { sequence: 0n, sealedAt: null };

async function copiedBy(tx: Tx, tenantId: TenantId, { asOf, database }: Moment): Promise<bigint> {
  if (database !== null)
    return await findSizeByTx(tx, tenantId, { database, txId: BigInt(asOf.slice(TX.length)) });
  const detail = 'the installation has no immudb';
  throw appError('validation_failed', {
    detail,
    errors: [{ pointer: '/query/asOf', code: 'no_immudb', detail }],
  });
}

/** An entry was sealed by the first checkpoint above it; a number beyond the newest one is that of the newest. */
async function sealedBySize(tx: Tx, tenantId: TenantId, size: bigint): Promise<SealedBy> {
  if (size === 0n) return NOTHING;
  const above = await findSealOf(tx, tenantId, size);
  if (above !== undefined) return { sequence: size, sealedAt: above.sealed_at };
  const newest = await findNewestCheckpoint(tx, tenantId);
  return newest === undefined ? NOTHING : { sequence: newest.size, sealedAt: newest.sealed_at };
}
