import { personalSigner } from '@ironforge/chain-evm';
import { intentHash, paymentApprovalText } from '@ironforge/tx-core';
import { asIntent, type SigningPayload, type TaskKind } from './objection.ts';

/** Whose signatures a signer believes: so many of these addresses, checksummed, must have approved. */
export interface ApprovalRule {
  readonly addresses: readonly string[];
  readonly required: number;
}

/** What was approved, and the approvals that are told of it. */
export interface Approved {
  /** The hashes of which any may have been approved, each computed here. */
  readonly hashes: readonly string[];
  readonly approvals: SigningPayload['approvals'];
}

/** What makes an intent that people approved: its own, or for a speed-up within their ceiling the original's. */
export interface AskedFor {
  readonly kind: TaskKind;
  readonly intent: SigningPayload['intent'];
  readonly original: SigningPayload['intent'];
}

/** The hashes that people may have signed for a payload; above the ceiling of the original nothing but its own. */
export function approvableHashes({ kind, intent, original }: AskedFor): readonly string[] {
  const own = intentHash(asIntent(intent));
  const isWithin = BigInt(intent.feeCeiling) <= BigInt(original.feeCeiling);
  return kind === 'speed_up' && isWithin ? [own, intentHash(asIntent(original))] : [own];
}

/**
 * Why the signatures of approvers are not enough, as a sentence; null when they are. Believes nothing of the server: every
 * approval must be signed, over the same hash, by an address of the list, each address once.
 */
export function objectionToSignatures(rule: ApprovalRule, { hashes, approvals }: Approved): string | null {
  const given = approvals.filter(({ decision }) => decision === 'approve');
  const objections = hashes.map((hash) => objectionOver(hash, rule, given));
  return objections.includes(null) ? null : (objections.at(-1) ?? 'Nothing was approved.');
}

function objectionOver(hash: string, rule: ApprovalRule, given: Approved['approvals']): string | null {
  const text = paymentApprovalText(hash);
  const signers = given.map(({ signature }) => (signature === null ? null : personalSigner(text, signature)));
  const unknown = signers.findIndex((signer) => signer === null || !rule.addresses.includes(signer));
  if (unknown >= 0)
    return `The approval of user ${given[unknown]?.userId} is not signed over ${hash} by an address of the rules.`;
  const people = new Set(signers).size;
  if (people < signers.length) return `One address signed more than one approval of ${hash}.`;
  return people >= rule.required
    ? null
    : `The rules need ${rule.required} signed approvals of ${hash}, and there are ${people}.`;
}
