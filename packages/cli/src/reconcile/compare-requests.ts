import { readTransferCall, transferData } from '@ironforge/chain-evm';
import type { Difference, ReplyOf, ROUTES } from '@ironforge/contracts';

/** A request as the API shows it. */
export type Request = ReplyOf<(typeof ROUTES)['getTransaction']>;

/** A request that ended on the chain by a transaction which is not there, lies elsewhere, or did something else. */
export type RequestDifference = Omit<Difference, 'kind'> & {
  readonly kind: 'request_without_transaction' | 'request_in_other_block' | 'request_with_other_effect';
};

/** What the chain has of what wallets sent in these blocks. */
export interface SentRange {
  readonly from: number;
  readonly to: number;
  readonly sent: ReplyOf<(typeof ROUTES)['reconcileChain']>['sent'];
}

type Sent = SentRange['sent'][number];

/** Compares the requests that say to be mined in these blocks with what wallets sent there. */
export function compareRequests(
  requests: readonly Request[],
  { from, to, sent }: SentRange,
): RequestDifference[] {
  const byHash = new Map(sent.map((one) => [one.txHash, one]));
  return requests
    .filter(({ blockHeight: at }) => at !== null && at >= from && at <= to)
    .flatMap((request) => compareOne(request, byHash.get(request.txHash ?? '')));
}

function compareOne(request: Request, mined: Sent | undefined): RequestDifference[] {
  const { id, txHash, blockHash, blockHeight } = request;
  const about = { height: blockHeight ?? 0, subject: `request ${id}` };
  if (mined === undefined)
    return [{ kind: 'request_without_transaction', ...about, onChain: null, stored: txHash }];
  if (mined.blockHash !== blockHash)
    return [{ kind: 'request_in_other_block', ...about, onChain: mined.blockHash, stored: blockHash }];
  const wanted = wantedEffect(request);
  const effect = effectOf(mined);
  if (wanted === null || effect === wanted) return [];
  return [{ kind: 'request_with_other_effect', ...about, onChain: effect, stored: wanted }];
}

/** Null for what may do anything: it failed, or waits for depth. */
function wantedEffect({ status, kind, from, to, assetId, amount, intent }: Request): string | null {
  if (status === 'cancelled' || (status === 'confirmed' && kind === 'gap_fill')) return told(from, '0', '0x');
  if (status !== 'confirmed') return null;
  const contract = assetId.split('/erc20:')[1];
  if (contract === undefined) return told(to, amount, intent.data ?? '0x');
  return told(contract, '0', transferData(to, BigInt(amount)));
}

function effectOf({ to, value, data, success }: Sent): string {
  return success ? told(to ?? 'a new contract', value, data) : 'reverted';
}

/** A transfer of a token by what it moves, any other call by its bytes. */
function told(to: string, value: string, data: string): string {
  const effect = `${value} to ${to.toLowerCase()}`;
  const transfer = readTransferCall(data.toLowerCase());
  if (transfer !== null) return `${effect}, which moves ${transfer.amount} to ${transfer.to}`;
  return data === '0x' ? effect : `${effect} with ${data.toLowerCase()}`;
}
