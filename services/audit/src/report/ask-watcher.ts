import { appError, INTERNAL_ROUTES, RECONCILED_BLOCKS, type ReplyOf } from '@ironforge/contracts';
import { present, type TenantId } from '@ironforge/kernel';
import type { CallInternal } from '@ironforge/service-kit';

/** Blocks of a chain, both included, for a tenant; and the request that this belongs to. */
export interface MovesWanted {
  readonly tenantId: TenantId;
  readonly chainId: string;
  readonly from: number;
  readonly to: number;
  readonly requestId: string;
  readonly traceparent: string;
}

type Reply = ReplyOf<(typeof INTERNAL_ROUTES)['showMoves']>;

/** What blocks hold of a tenant's wallets, and in what that differs from the watcher's rows. */
export type Moves = Pick<Reply, 'sent' | 'received' | 'differences' | 'confirmedHeight'> & {
  readonly from: number;
  readonly to: number;
  readonly lastHash: string;
};

/** Asks the watcher, fifty blocks a call. Throws `validation_failed` for blocks that are not followed yet. */
export async function askWatcher(call: CallInternal, wanted: MovesWanted): Promise<Moves> {
  const { tenantId, chainId, from, to, requestId, traceparent } = wanted;
  const replies: Reply[] = [];
  for (let next = from; next <= to; next += RECONCILED_BLOCKS) {
    const body = { tenantId, chainId, from: next, count: Math.min(RECONCILED_BLOCKS, to - next + 1) };
    const reply = await call(INTERNAL_ROUTES.showMoves, { body, requestId, traceparent });
    if (reply.to !== next + body.count - 1) throw notFollowed(chainId, reply.head);
    replies.push(reply);
  }
  const last = present(replies.at(-1), 'what the last blocks hold');
  return {
    ...{
      from,
      to,
      confirmedHeight: last.confirmedHeight,
      lastHash: present(last.lastHash, 'its last block'),
    },
    sent: replies.flatMap(({ sent }) => sent),
    received: replies.flatMap(({ received }) => received),
    differences: replies.flatMap(({ differences }) => differences),
  };
}

function notFollowed(chainId: string, head: number) {
  return appError('validation_failed', {
    detail: `${chainId} is followed to block ${head}`,
    errors: [{ pointer: '/to', code: 'too_big' }],
  });
}
