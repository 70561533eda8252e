import {
  type ApiKeyId,
  type AssetId,
  branded,
  type ChainId,
  type UserId,
  type WalletId,
} from '@ironforge/kernel';
import type { ApproverGroupRow } from '@ironforge/schema';
import type { UserCaller } from '@ironforge/service-kit';
import type { Intent, PolicyFacts } from '@ironforge/tx-core';
import type { Judgement } from '../policies/judge.ts';
import type { Submission } from '../queries/tx-requests.ts';

/** Who starts a request, with the roles that count for rules. */
export interface Initiator {
  readonly userId: string;
  readonly apiKeyId: string | null;
  readonly roles: readonly string[];
}

/** What rules look at. */
export function policyFacts(intent: Intent, { userId, apiKeyId, roles }: Initiator): PolicyFacts {
  return {
    chainId: branded<ChainId>(intent.chainId),
    walletId: branded<WalletId>(intent.walletId),
    assetId: branded<AssetId>(intent.assetId),
    amount: BigInt(intent.amount),
    to: intent.to,
    hasData: intent.data !== undefined,
    initiator: {
      userId: branded<UserId>(userId),
      roles,
      apiKeyId: apiKeyId === null ? null : branded<ApiKeyId>(apiKeyId),
    },
  };
}

/** The columns that a submission pins: who, and by which policy. */
export function submissionColumns(
  { userId, apiKeyId }: Pick<UserCaller, 'userId' | 'apiKeyId'>,
  { policyId, policyVersion, rule, explanation }: Judgement,
): Submission {
  return {
    submitted_by: userId,
    submitted_by_api_key_id: apiKeyId,
    policy_id: policyId,
    policy_version: policyVersion,
    policy_rule: rule,
    policy_explanation: explanation,
  };
}

/** The intent of one request that a judgement is about. */
export interface JudgedIntent {
  readonly tenantId: string;
  readonly requestId: string;
  readonly intentHash: string;
}

/** The groups of a judgement as rows. */
export function groupRows(
  { alternatives }: Judgement,
  { tenantId, requestId, intentHash }: JudgedIntent,
): ApproverGroupRow[] {
  return alternatives.flatMap((groups, alternative) =>
    groups.map(({ name, required, approverIds }, position) => ({
      tenant_id: tenantId,
      tx_request_id: requestId,
      intent_hash: intentHash,
      alternative,
      position,
      name,
      required,
      approver_ids: [...approverIds],
    })),
  );
}
