import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import type { OwnAct } from '../entry/own-entries.ts';
import { hasRetiredKey } from '../queries/audit-entries.ts';
import type { LogSigners, NamedSigner } from './log-signers.ts';

/** By whom the next head of a log is signed, the present key first, and what the log has to say of its keys before; null for nothing. */
export interface KeyTurn {
  readonly signers: readonly [NamedSigner, ...NamedSigner[]];
  readonly act: OwnAct | null;
}

/** A log, how much of it is sealed, and the verifier key that its head was signed by last; null when nobody noted it. */
export interface SignedLog {
  readonly tenantId: TenantId;
  readonly sealedSize: bigint;
  readonly lastKey: string | null;
}

/**
 * Finds by which keys a log is signed next; which key a log begins with, its first checkpoint tells. Where another key follows, the
 * one before signs too if it is at hand, so that whoever trusts that one can follow. `retired` when the log has left our key for another: a key never comes back, so that of two
 * processes with different keys the one that was not restarted yet stands back, and a stolen key cannot take the log over.
 */
export async function keyTurn(tx: Tx, signers: LogSigners, log: SignedLog): Promise<KeyTurn | 'retired'> {
  const { tenantId, sealedSize, lastKey } = log;
  const present = signers.signerOf(tenantId);
  const { verifierKey: to } = present;
  if (lastKey === to || sealedSize === 0n) return { signers: [present], act: null };
  if (lastKey === null) return { signers: [present], act: introduced(tenantId, to) };
  if (await hasRetiredKey(tx, tenantId, to)) return 'retired';
  const previous = signers.previousSignerOf(tenantId);
  const act = (reason: Reason) => rotated(tenantId, { from: lastKey, to, reason });
  if (previous?.verifierKey !== lastKey) return { signers: [present], act: act('previous_key_not_at_hand') };
  return { signers: [present, previous], act: act('planned') };
}

/** `planned`: both keys sign. Else the key before was lost or stolen, or nobody configured it. */
type Reason = 'planned' | 'previous_key_not_at_hand';

interface Rotation {
  readonly from: string;
  readonly to: string;
  readonly reason: Reason;
}

const CAUSE = { actor: { type: 'service', id: 'audit' } } as const;

function introduced(tenantId: TenantId, to: string): OwnAct {
  const details = { to, reason: 'nobody_noted_the_key_before' };
  return { type: 'audit_signing_key_introduced', tenantId, resourceId: tenantId, cause: CAUSE, details };
}

function rotated(tenantId: TenantId, rotation: Rotation): OwnAct {
  const details = { ...rotation };
  return { type: 'audit_signing_key_rotated', tenantId, resourceId: tenantId, cause: CAUSE, details };
}
