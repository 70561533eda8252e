import type { signingPayload, signingTask } from '@ironforge/contracts';
import { createEvmCodec, type EvmRules } from '@ironforge/chain-evm';
import { branded } from '@ironforge/kernel';
import { type Intent, intentHash } from '@ironforge/tx-core';
import { Transaction } from 'ethers';
import type { z } from 'zod';

/** What the server hands out to be signed. */
export type SigningPayload = z.infer<typeof signingPayload>;

/** What a signer may be asked to sign. */
export type TaskKind = z.infer<typeof signingTask>['kind'];

/** What the signer knows by himself: which request he was asked to sign and for what, with which key, and what time it is. */
export interface SigningOrder {
  readonly transactionId: string;
  readonly kind: TaskKind;
  readonly address: string;
  readonly now: Date;
}

/** Why a payload must not be signed, as a sentence; null when nothing speaks against it. Believes nothing it can recompute. */
export function objectionTo(payload: SigningPayload, order: SigningOrder): string | null {
  return (
    objectionToIntent(payload, order) ??
    objectionToKind(payload, order) ??
    objectionToApprovals(payload) ??
    objectionToTransaction(payload)
  );
}

/** The rules of the chain that a payload is for, from the intent alone; another chain's asset is never its native one. */
export function rulesOf({ intent, evm }: SigningPayload): EvmRules {
  const { chainId, assetId } = intent;
  return {
    chainId: branded(chainId),
    nativeAssetId: branded(assetId.startsWith(`${chainId}/slip44:`) ? assetId : `${chainId}/slip44:60`),
    feeModel: evm.type === 2 ? 'eip1559' : 'legacy',
  };
}

/** The intent of a payload as tx-core types it: its parts branded, absent keys left out. */
export function asIntent({ data, memo, clientReference, ...rest }: SigningPayload['intent']): Intent {
  return {
    ...rest,
    requestId: branded(rest.requestId),
    tenantId: branded(rest.tenantId),
    walletId: branded(rest.walletId),
    chainId: branded(rest.chainId),
    assetId: branded(rest.assetId),
    ...(data !== undefined && { data }),
    ...(memo !== undefined && { memo }),
    ...(clientReference !== undefined && { clientReference }),
  };
}

function objectionToIntent({ intent, ...payload }: SigningPayload, order: SigningOrder): string | null {
  const hash = intentHash(asIntent(intent));
  if (intent.requestId !== order.transactionId) {
    return `The payload is for request ${intent.requestId}, not for ${order.transactionId}.`;
  }
  if (payload.intentHash !== hash) {
    return `The intent hashes to ${hash}, but people approved ${payload.intentHash}.`;
  }
  if (intent.from !== order.address) {
    return `The request spends from ${intent.from}, but the keystore holds the key of ${order.address}.`;
  }
  // What it is called on another chain says nothing of what it is worth on this one.
  if (!intent.assetId.startsWith(`${intent.chainId}/`)) {
    return `The asset ${intent.assetId} is none of chain ${intent.chainId}.`;
  }
  const isInTime = payload.kind === 'cancel' || new Date(intent.validUntil) > order.now;
  return isInTime ? null : `The intent was valid until ${intent.validUntil}.`;
}

/** Which payload a task is for: what the system asks for is an original too. */
export function payloadKindOf(kind: TaskKind): SigningPayload['kind'] {
  return kind === 'gap_fill' ? 'original' : kind;
}

/** A replacement is the original but for its fee, or nothing at all; whatever else it says, it is not what it is called. */
function objectionToKind(payload: SigningPayload, order: SigningOrder): string | null {
  const { kind, intent, original } = payload;
  const asked = payloadKindOf(order.kind);
  if (kind !== asked) return `The payload is ${kind}, but ${asked} was asked for.`;
  if (original.intentHash !== intentHash(asIntent(original.intent)))
    return 'The original intent does not hash to what people approved.';
  if (movesNothing(order.kind)) return objectionToMove(order.kind, intent);
  const { feeCeiling } = intent;
  const rebuilt = asIntent({ ...original.intent, ...(kind === 'speed_up' && { feeCeiling }) });
  return intentHash(rebuilt) === payload.intentHash
    ? null
    : `The ${kind} payload differs from the original intent in more than its fee ceiling.`;
}

/** True for what takes a nonce and nothing else, so that nobody is asked about it. */
export function movesNothing(kind: TaskKind): boolean {
  return kind === 'cancel' || kind === 'gap_fill';
}

function objectionToMove(kind: TaskKind, intent: SigningPayload['intent']): string | null {
  const { from, to, amount, data, assetId } = intent;
  const isNothing = to === from && amount === '0' && data === undefined && assetId.includes('/slip44:');
  return isNothing ? null : `The payload is called a ${kind}, but it moves something.`;
}

function objectionToApprovals({ approvals, required }: SigningPayload): string | null {
  const missing = required.find((group) => group.given < group.required);
  if (missing !== undefined) {
    return `Group ${missing.group} has ${missing.given} of ${missing.required} approvals.`;
  }
  const approvers = new Set(
    approvals.filter(({ decision }) => decision === 'approve').map(({ userId }) => userId),
  );
  const needed = required.reduce((sum, group) => sum + group.required, 0);
  return approvers.size >= needed
    ? null
    : `The groups need ${needed} approvals, but only ${approvers.size} people approved.`;
}

function objectionToTransaction(payload: SigningPayload): string | null {
  const { intent, evm } = payload;
  const binding = {
    nonce: evm.nonce,
    gasLimit: BigInt(evm.gasLimit),
    maxFeePerGas: BigInt(evm.maxFeePerGas),
    maxPriorityFeePerGas: BigInt(evm.maxPriorityFeePerGas),
  };
  const right = createEvmCodec(rulesOf(payload)).buildUnsigned(intent, binding).unsignedTransaction;
  if (right !== evm.unsignedTransaction) return differenceBetween(right, evm.unsignedTransaction);
  const fee = binding.gasLimit * binding.maxFeePerGas;
  return fee <= BigInt(intent.feeCeiling)
    ? null
    : `The fee could reach ${fee}, above the approved ceiling of ${intent.feeCeiling}.`;
}

const FIELDS = ['type', 'chainId', 'nonce', 'to', 'value', 'data'] as const;

function differenceBetween(right: string, given: string): string {
  const approved = Transaction.from(right);
  const offered = Transaction.from(given);
  const differing = FIELDS.filter((field) => approved[field] !== offered[field]);
  const what = differing.length === 0 ? 'fee or form' : differing.join(', ');
  return `The transaction to sign is not the approved intent: another ${what}.`;
}
