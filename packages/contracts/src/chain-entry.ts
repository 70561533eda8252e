import { type AssetId, branded, type ChainId } from '@ironforge/kernel';
import { z } from 'zod';

const whole = z.int().min(1);

const finality = z.union([
  z.strictObject({ kind: z.literal('depth'), depth: whole }),
  z.strictObject({ kind: z.literal('tag') }),
]);

const allowance = {
  requestsPerSecond: z.number().positive().optional(),
  burst: whole.optional(),
  maxBatch: whole.optional(),
};

/** Only these are spoken to; a URL may carry a key, so a problem with it is told without it. */
const rpcUrl = z.url({ protocol: /^https?$/, error: 'an http or https URL' });

/** Where a node announces heads; what the library of WebSockets would throw at is refused before it is asked. */
export const webSocketUrl = z
  .url({ protocol: /^wss?$/, error: 'a ws or wss URL' })
  .refine((url) => !url.includes('#'), { error: 'a ws or wss URL without a fragment' });

const rpc = z.strictObject({
  ...allowance,
  maxLagBlocks: whole.optional(),
  negativeQuorum: whole.optional(),
  broadcastTo: whole.optional(),
});

// A new EVM chain is one such entry (docs/operators/chains.md).
const chainEntry = z
  .strictObject({
    chainId: z
      .string()
      .regex(/^eip155:[1-9][0-9]*$/)
      .transform(branded<ChainId>),
    name: z.string().min(1),
    kind: z.literal('evm'),
    rpcUrls: z.array(z.union([rpcUrl, z.strictObject({ url: rpcUrl, ...allowance })])).min(1),
    rpc: rpc.optional(),
    wsUrl: webSocketUrl.nullish().transform((url) => url ?? undefined),
    nativeAssetId: z.string().transform(branded<AssetId>),
    nativeSymbol: z.string().min(1),
    decimals: z.int().min(0).max(77),
    // At one there would be no block between seeing and believing, in which bad news is read a second time.
    confirmations: z.int().min(2),
    finality,
    blockTimeMs: whole,
    feeModel: z.enum(['eip1559', 'legacy']),
    sweepBlocks: whole.optional(),
    // The same file tells the orchestrator when a payment is stuck.
    stuckBlocks: whole.optional(),
  })
  .refine(({ confirmations, finality: end }) => end.kind === 'tag' || end.depth >= confirmations, {
    error: 'a chain is final at its confirmations or deeper',
    path: ['finality', 'depth'],
  })
  .refine(({ rpcUrls, rpc: rules }) => (rules?.negativeQuorum ?? 1) <= rpcUrls.length, {
    error: 'there are fewer endpoints than have to agree',
    path: ['rpc', 'negativeQuorum'],
  });

/** The list of chains in `CHAINS_FILE`, each once. */
export const chainEntries = z
  .array(chainEntry)
  .min(1)
  .refine((chains) => new Set(chains.map(({ chainId }) => chainId)).size === chains.length, {
    error: 'a chain is there twice',
  });
