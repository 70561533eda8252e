import { z } from 'zod';
import { chain as local } from '../../world/environment.ts';
import type { Facts, Message } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';

/** Blocks that vouch for what the local chain calls confirmed and final. */
const K = 2;
const LEAST: Readonly<Record<string, number>> = { confirmed: K, finalized: 32 };

const At = z.object({ blockHeight: z.int() });
const Seen = z.object({
  depth: z.string(),
  height: z.int(),
  winner: At.nullish(),
  tx: At.nullish(),
});

const OnChain = z.object({ chainId: z.string().optional() });
const OfChain = OnChain.extend({ lane: OnChain.optional() });
const Several = z.object({ observed: z.array(Seen) });

/** I9: nothing was called confirmed or final too early, and nothing stands on a block that is no longer there. */
export function depth(facts: Facts): Violation[] {
  return [
    ...facts.messages.filter(isOfLocalChain).flatMap(tooEarly),
    ...facts.requests.flatMap((request) => shallow(facts, request)),
    ...facts.observed.flatMap((row) => offTheChain(facts, row)),
    ...facts.balances.flatMap((row) => wrongBalance(facts, row)),
  ];
}

/** Other chains have other depths. */
function isOfLocalChain({ event }: Message): boolean {
  const { data } = OfChain.safeParse(event.data);
  return (data?.chainId ?? data?.lane?.chainId ?? local.chainId) === local.chainId;
}

function tooEarly(message: Message): Violation[] {
  const { routing_key, event } = message;
  if (routing_key === 'chain.txs_observed')
    return Several.parse(event.data).observed.flatMap((seen) => standing(message, seen));
  const isOne = routing_key === 'chain.tx_observed' || routing_key === 'chain.nonce_spent';
  return isOne ? standing(message, Seen.parse(event.data)) : [];
}

function standing({ id, event }: Message, seen: z.infer<typeof Seen>): Violation[] {
  const { depth: said, height, winner, tx } = seen;
  const block = winner ?? tx;
  const wanted = LEAST[said] ?? 1;
  if (block === null || block === undefined || height - block.blockHeight + 1 >= wanted) return [];
  return [broken(event.subject, `${said} at height ${height}, and it lies at ${block.blockHeight} (${id})`)];
}

function shallow({ chain }: Facts, request: Facts['requests'][number]): Violation[] {
  const { id, status, block_height: height, block_hash: hash } = request;
  if (status !== 'confirmed' || height === null) return [];
  if (chain.hashAt.get(height) !== hash)
    return [broken(id, `is confirmed in ${hash ?? 'no block'}, which is gone`)];
  return chain.head - height + 1 >= K
    ? []
    : [broken(id, `is confirmed with too few blocks on top of ${height}`)];
}

function offTheChain({ chain, cursors }: Facts, row: Facts['observed'][number]): Violation[] {
  const cursor = cursors.find(({ chain_id }) => chain_id === local.chainId);
  const isFollowed = cursor !== undefined && row.block_height <= cursor.height;
  if (isFollowed && chain.hashAt.get(row.block_height) === row.block_hash) return [];
  return [broken(row.id, `the ${row.what} stands as ${row.depth} on ${row.block_hash}, which is gone`)];
}

/** The native balance that the registry shows is what the node says now. */
function wrongBalance({ chain }: Facts, row: Facts['balances'][number]): Violation[] {
  const held = chain.balanceOf.get(row.address);
  if (!row.asset_id.endsWith('/slip44:60') || held === row.amount) return [];
  return [broken(row.wallet_id, `is said to hold ${row.amount}, and holds ${held ?? 'nothing'}`)];
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I9', id, what };
}
