import { calledMethod } from '@ironforge/chain-evm';
import {
  type ApiKeyId,
  type AssetId,
  branded,
  type ChainId,
  type UserId,
  type WalletId,
} from '@ironforge/kernel';
import type { DestinationKind, Simulation } from '@ironforge/contracts';
import type { ApproverGroupRow } from '@ironforge/schema';
import type { UserCaller } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import type { Intent, PolicyFacts } from '@ironforge/tx-core';
import type { Judgement } from '../policies/judge.ts';
import { insertReservation } from '../queries/spending-windows.ts';
import type { RequestRow, Submission } from '../queries/tx-requests.ts';

/** The part of an intent that rules look at. */
export type Wished = Pick<Intent, 'chainId' | 'walletId' | 'assetId' | 'amount' | 'to' | 'data'>;

/** Who starts a request, with the roles that count for rules. */
export interface Initiator {
  readonly userId: string;
  readonly apiKeyId: string | null;
  readonly roles: readonly string[];
}

/** What rules look at beside the intent. */
export interface Circumstances {
  readonly initiator: Initiator;
  readonly walletTags: readonly string[];
  readonly destinationKinds: readonly DestinationKind[];
  /** Of the asset, by the list of assets. */
  readonly decimals: number;
  /** By the database; a rule's time of day is that of the submission, so that nothing taken dies at closing time. */
  readonly submittedAt: Date;
}

/** What rules look at. */
export function policyFacts(
  intent: Wished,
  { initiator, submittedAt, ...known }: Circumstances,
): PolicyFacts {
  return {
    chainId: branded<ChainId>(intent.chainId),
    walletId: branded<WalletId>(intent.walletId),
    ...known,
    assetId: branded<AssetId>(intent.assetId),
    amount: BigInt(intent.amount),
    prices: new Map(),
    to: intent.to,
    hasData: intent.data !== undefined,
    method: calledMethod(intent.data ?? '0x'),
    submittedAtMs: submittedAt.getTime(),
    initiator: initiatorFacts(initiator),
    spent: new Map(),
  };
}

/** Somebody as the initiators of a rule are compared with him. */
export function initiatorFacts({ userId, apiKeyId, roles }: Initiator): PolicyFacts['initiator'] {
  return {
    userId: branded<UserId>(userId),
    roles,
    apiKeyId: apiKeyId === null ? null : branded<ApiKeyId>(apiKeyId),
  };
}

type Submitted = Pick<UserCaller, 'userId' | 'apiKeyId'> & {
  readonly submittedAt: Date;
  readonly simulation: Simulation | null;
};

/** The columns that a submission pins: who, by which policy, and what a trial said. */
export function submissionColumns(
  { userId, apiKeyId, submittedAt, simulation }: Submitted,
  { policyId, policyVersion, rule, explanation, prices }: Judgement,
): Submission {
  return {
    submitted_by: userId,
    submitted_by_api_key_id: apiKeyId,
    submitted_at: submittedAt,
    policy_id: policyId,
    policy_version: policyVersion,
    policy_rule: rule,
    policy_explanation: explanation,
    policy_prices: prices.length === 0 ? null : prices,
    simulation,
  };
}

/** Reserves the amount in the window that let the request through, which is locked since its judgement. */
export async function reserve(
  tx: Tx,
  { tenant_id: tenantId, id: requestId }: Pick<RequestRow, 'tenant_id' | 'id'>,
  { window }: Judgement,
): Promise<void> {
  if (window === null) return;
  const { amount, ...key } = window;
  await insertReservation(tx, { tenantId, ...key }, { requestId, amount });
}

/** The intent of one request that a judgement is about. */
export interface JudgedIntent {
  readonly tenantId: string;
  readonly requestId: string;
  readonly intentHash: string;
}

/** The groups of a judgement as rows. */
export function groupRows(
  { alternatives, stepUp, rejection, policyId, policyVersion }: Judgement,
  { tenantId, requestId, intentHash }: JudgedIntent,
): ApproverGroupRow[] {
  return alternatives.flatMap((groups, alternative) =>
    groups.map(({ name, required, approverIds, role }, position) => ({
      tenant_id: tenantId,
      tx_request_id: requestId,
      intent_hash: intentHash,
      alternative,
      position,
      name,
      required,
      approver_ids: [...approverIds],
      role,
      step_up: stepUp,
      rejection,
      policy_id: policyId,
      policy_version: policyVersion,
    })),
  );
}
