import { type Difference, RECONCILED_BLOCKS, type ReplyOf, ROUTES } from '@ironforge/contracts';
import type { Calls } from '../api/patient-api.ts';
import { trouble } from '../trouble.ts';
import { blockSpans } from './block-spans.ts';
import { compareBalances } from './compare-balances.ts';
import { compareRequests, type RequestDifference } from './compare-requests.ts';

/** One difference, of whatever is compared. */
export type Found =
  | Difference
  | RequestDifference
  | (Omit<Difference, 'kind'> & { readonly kind: 'wrong_balance' });

/** Which blocks of which chain; null leaves the choice to us. */
export interface Range {
  readonly chainId: string;
  readonly from: number | null;
  readonly to: number | null;
}

/** Who hears of each difference at once, and of how far it is. */
export interface Listeners {
  readonly tell: (found: Found) => void;
  readonly say: (line: string) => void;
}

/** What was compared, and in how much it differed. */
export interface Outcome {
  readonly from: number;
  readonly to: number;
  /** The last block that was asked for, which the chain may not have yet; null when none was named. */
  readonly requestedTo: number | null;
  readonly differences: number;
}

type Batch = ReplyOf<(typeof ROUTES)['reconcileChain']>;

/** Where nobody says from where: so many blocks. */
const LAST_BLOCKS = 1_000;
const SAY_EVERY_BLOCKS = 1_000;

/** Compares block after block in bounded batches, then the requests and the balances. Throws what a service refuses. */
export async function reconcile(api: Calls, range: Range, { tell, say }: Listeners): Promise<Outcome> {
  const { from, to } = await boundsOf(api, range);
  let differences = 0;
  const found = (one: Found) => {
    differences += 1;
    tell(one);
  };
  for (let next = from; next <= to; ) {
    const batch = await compare(api, range.chainId, { next, to });
    batch.differences.forEach(found);
    const done = batch.to ?? to;
    if (Math.floor((done - from + 1) / SAY_EVERY_BLOCKS) > Math.floor((next - from) / SAY_EVERY_BLOCKS))
      say(`compared up to block ${done} of ${to}`);
    next = done + 1;
  }
  const requests = await compareAllRequests(api, { chainId: range.chainId, from, to }, found);
  say(`compared ${requests} requests`);
  say(`compared the balances of ${await compareBalances(api, range.chainId, found)} wallets`);
  if (range.to !== null && range.to > to)
    say(`Warning: compared up to block ${to}, where the chain's head is, not to ${range.to}`);
  return { from, to, requestedTo: range.to, differences };
}

async function compare(
  api: Calls,
  chainId: string,
  { next, to }: { readonly next: number; readonly to: number },
): Promise<Batch> {
  const count = Math.min(RECONCILED_BLOCKS, to - next + 1);
  return await api.call(ROUTES.reconcileChain, { query: { chainId, from: next, count } });
}

async function boundsOf(api: Calls, { chainId, from, to }: Range) {
  const { data } = await api.call(ROUTES.listChains);
  const head = data.find((chain) => chain.chainId === chainId)?.head;
  if (!head)
    throw trouble(
      'usage',
      `${chainId} is not followed: ${data.map((chain) => chain.chainId).join(', ')} are`,
    );
  const last = Math.min(to ?? head.height, head.height);
  const first = from ?? Math.max(0, last - LAST_BLOCKS + 1);
  if (first > last) throw trouble('usage', `There is no block from ${first} to ${last}`);
  return { from: first, to: last };
}

/**
 * Compares the requests that say to be mined in these blocks, a page at a time: their blocks are read again, so that neither
 * all requests nor all that was sent is ever held. Gives how many there were.
 */
async function compareAllRequests(
  api: Calls,
  { chainId, from, to }: { readonly chainId: string; readonly from: number; readonly to: number },
  found: (one: Found) => void,
): Promise<number> {
  let count = 0;
  let cursor: string | undefined;
  do {
    const query = { chainId, limit: 200, ...(cursor !== undefined && { cursor }) };
    const page = await api.call(ROUTES.listTransactions, { query });
    const mined = page.data.filter(({ blockHeight: at }) => at !== null && at >= from && at <= to);
    const heights = mined.map(({ blockHeight }) => blockHeight ?? 0);
    for (const span of blockSpans(heights, RECONCILED_BLOCKS)) {
      const { sent } = await compare(api, chainId, { next: span.from, to: span.to });
      compareRequests(mined, { ...span, sent }).forEach(found);
    }
    count += mined.length;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return count;
}
