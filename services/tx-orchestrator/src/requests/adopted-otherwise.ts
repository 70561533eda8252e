import { expectedType } from '@ironforge/chain-evm';
import type { EventData } from '@ironforge/contracts';
import { parseUnits, present } from '@ironforge/kernel';
import type { TxAttemptRow } from '@ironforge/schema';
import type { DomainEvent, EventMessage } from '@ironforge/service-kit';
import type { Tx } from '@ironforge/store';
import { type Attempt, differencesOf, hasSignature, type OfferedTerms, type Terms } from '@ironforge/tx-core';
import type { OrchestratorDeps } from '../deps.ts';
import { findAttempts } from '../queries/tx-attempts.ts';
import type { RequestRow } from '../queries/tx-requests.ts';
import type { Transition } from './carry-out.ts';
import { securityEvent } from './security-events.ts';
import { causeOfNews } from './tell-request.ts';

/** A request before and after news of its nonce. */
export interface NonceTold {
  readonly before: RequestRow;
  readonly transition: Transition;
  readonly event: DomainEvent;
  readonly spent: EventData<'chain.nonce_spent'>;
}

type MinedTx = NonNullable<EventData<'chain.nonce_spent'>['tx']>;
type Fields = EventData<'security.adopted_with_differences'>['fields'];

/**
 * Tells that an adopted transaction is other than what its signer was asked for, or than the bytes that he handed in;
 * nothing when none was adopted, or it is just what was offered.
 */
export async function adoptedOtherwise(
  deps: OrchestratorDeps,
  tx: Tx,
  { before, transition, event, spent }: NonceTold,
): Promise<EventMessage[]> {
  const adopted = transition.events.find(({ type }) => type === 'adopted');
  const mined = spent.tx;
  if (adopted?.type !== 'adopted' || mined === null) return [];
  const offers = await findOffers(deps, tx, { row: before, adopted: adopted.attempt });
  const fields = fieldsOf(before, differencesOf(termsOf(mined), offers));
  if (fields.length === 0) return [];
  const data = { requestId: before.id, txHash: mined.hash, fields };
  const danger = { tenantId: before.tenant_id, cause: causeOfNews(event, before.chain_id), data };
  return [securityEvent(deps, 'security.adopted_with_differences', danger)];
}

/** Who signs twice is told of even when the two differ in nothing else. */
function fieldsOf(before: RequestRow, differences: readonly Fields[number][]): Fields {
  return differences.length === 0 && hasSignature(before.state) ? ['signature'] : [...differences];
}

/** The payloads that do the same and were handed out for that nonce; the fees are those of the bytes handed in, once there are any. */
async function findOffers(
  { chainById }: OrchestratorDeps,
  tx: Tx,
  { row, adopted }: { readonly row: RequestRow; readonly adopted: Attempt },
): Promise<OfferedTerms[]> {
  const type = expectedType(chainById(row.chain_id).rules);
  const attempts = await findAttempts(tx, row.tenant_id, [row.id]);
  return attempts
    .filter(({ fence, nonce }) => fence !== null && Number(nonce) === adopted.nonce)
    .filter(({ kind }) => (kind === 'cancel') === (adopted.kind === 'cancel'))
    .map((attempt) => ({ type, ...feeOf(attempt) }));
}

function feeOf(attempt: TxAttemptRow) {
  const { gas_limit: gasLimit, max_fee_per_gas, max_priority_fee_per_gas } = attempt;
  return { gasLimit, maxFeePerGas: max_fee_per_gas, maxPriorityFeePerGas: max_priority_fee_per_gas };
}

function termsOf({ type, gasLimit, maxFeePerGas, maxPriorityFeePerGas, attachments }: MinedTx): Terms {
  return {
    type,
    gasLimit: BigInt(gasLimit),
    maxFeePerGas: present(parseUnits(maxFeePerGas), 'a fee cap in base units'),
    maxPriorityFeePerGas: present(parseUnits(maxPriorityFeePerGas), 'a tip cap in base units'),
    attachments,
  };
}
