import type { Tx } from '@ironforge/store';
import type { Intent } from '@ironforge/tx-core';
import type { Destination } from '../asks/destination.ts';
import type { People } from '../asks/people.ts';
import type { Wallet } from '../asks/wallet.ts';
import { findPolicyInForce } from '../queries/policies.ts';
import { type Initiator, policyFacts } from '../requests/submission.ts';
import { type Judgement, judge, screenedOut } from './judge.ts';
import { lockSpent } from './spending.ts';

/** A request at the moment of its submission, with what was asked before. */
export interface Submitting {
  readonly intent: Intent;
  readonly wallet: Wallet;
  readonly people: People;
  readonly destination: Destination;
  readonly initiator: Initiator;
  /** By the database. */
  readonly submittedAt: Date;
}

/** Screening first, then the policy in force; the windows that it looks at are locked until the transaction ends. */
export async function judgeSubmission(tx: Tx, submitting: Submitting): Promise<Judgement> {
  const { intent, wallet, people, destination, initiator, submittedAt } = submitting;
  if (destination.hits.length > 0) return screenedOut(destination);
  const { tenantId } = intent;
  const policy = await findPolicyInForce(tx, tenantId, wallet.policyId);
  const facts = policyFacts(intent, {
    initiator,
    walletTags: wallet.tags,
    destinationKinds: destination.kinds,
    submittedAt,
  });
  return judge(policy, await lockSpent(tx, { tenantId, policy }, facts), people);
}
