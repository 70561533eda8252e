import type { Tx } from '@ironforge/store';
import type { Intent } from '@ironforge/tx-core';
import type { Destination } from '../asks/destination.ts';
import type { People } from '../asks/people.ts';
import type { Wallet } from '../asks/wallet.ts';
import { pushedPrices } from '../prices/price-source.ts';
import { priced } from '../prices/priced.ts';
import type { PolicyInForce } from '../queries/policies.ts';
import { type Initiator, policyFacts } from '../requests/submission.ts';
import { type Judgement, judge, screenedOut } from './judge.ts';
import { lockSpent } from './spending.ts';

/** A request at the moment of its submission, with what was asked before. */
export interface Submitting {
  readonly intent: Intent;
  readonly wallet: Wallet;
  /** In force now, read in this transaction. */
  readonly policy: PolicyInForce | undefined;
  readonly people: People;
  readonly destination: Destination;
  readonly initiator: Initiator;
  /** Who started it: the creator, and the submitter. */
  readonly initiatorIds: readonly string[];
  /** Of the asset. */
  readonly decimals: number;
  /** By the database. */
  readonly submittedAt: Date;
}

/** Screening first, then the policy in force; the windows that it looks at are locked until the transaction ends. */
export async function judgeSubmission(tx: Tx, submitting: Submitting): Promise<Judgement> {
  const { intent, wallet, policy, people, destination, initiator, submittedAt, decimals, initiatorIds } =
    submitting;
  if (destination.hits.length > 0) return screenedOut(destination);
  const { tenantId } = intent;
  const bare = policyFacts(intent, {
    initiator,
    walletTags: wallet.tags,
    destinationKinds: destination.kinds,
    decimals,
    submittedAt,
  });
  const pricing = { tenantId, policy, initiatorIds, atMs: submittedAt.getTime(), recorded: null };
  const { facts, prices } = await priced(pushedPrices(tx), pricing, bare);
  return judge(policy, { facts: await lockSpent(tx, { tenantId, policy }, facts), prices }, people);
}
