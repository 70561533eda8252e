import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Difference } from '@ironforge/contracts';

const CHAIN = 'eip155:31337';
const HASH = `0x${'1'.repeat(64)}`;
const NOW = '2026-01-01T00:00:00.000Z';
const FROM = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const TO = '0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC';
const COIN = `${CHAIN}/slip44:60`;
const RECONCILIATION = '/v1/chains/reconciliation';
const TOO_OFTEN = {
  type: '/problems/dependency_down',
  title: 'Something that is needed does not answer',
  status: 503,
  detail: 'no node answers: asked too often',
  instance: RECONCILIATION,
  code: 'dependency_down',
  requestId: 'played',
  errors: [],
};
const ZERO = { tenantId: uuidOf(0), walletId: uuidOf(0), chainId: CHAIN, from: FROM, to: TO, assetId: COIN };

/** What the played installation holds; the chain has a payment for each request, unless its number is in `lost`. */
export interface Played {
  readonly head: number;
  readonly requests: number;
  readonly wallets: number;
  readonly lost: readonly number[];
  /** The wallet whose stored balance is wrong. */
  readonly wrongWallet: number | null;
  /** The wallet whose balance the node would not tell. */
  readonly untoldWallet: number | null;
  readonly differences: readonly Difference[];
  /** What the log finds between the chain and its entries. */
  readonly findings?: readonly object[];
  /** So many readings of blocks are refused first, as where nodes allow no more for now. */
  readonly refusals: number;
}

/** A gateway of that installation, over real HTTP; a page holds as many as are asked for. */
export async function startGateway(played: Played) {
  const asked: string[] = [];
  let { refusals } = played;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://gateway');
    asked.push(`${url.pathname}${url.search}`);
    response.setHeader('content-type', 'application/json');
    if (url.pathname === RECONCILIATION && refusals > 0) {
      refusals -= 1;
      response.writeHead(503, { 'retry-after': '0' }).end(JSON.stringify(TOO_OFTEN));
      return;
    }
    response.end(JSON.stringify(answer(played, url)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('an HTTP server has a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

/** One request in every tenth block, and the first one in block 1. */
export function heightOf(request: number): number {
  return 1 + request * 10;
}

function answer(played: Played, { pathname, searchParams: query }: URL): object {
  const asked = (name: string) => Number(query.get(name));
  if (pathname === '/v1/chains') return { data: [chain(played.head)], nextCursor: null };
  if (pathname === RECONCILIATION) return blocks(played, asked('from'), asked('count'));
  if (pathname === '/v1/transactions') return page(query, played.requests, request);
  if (pathname === '/v1/audit/reports') return report(played);
  if (pathname === '/v1/wallets') return page(query, played.wallets, wallet);
  const [, id = ''] = /^\/v1\/wallets\/([^/]+)\//.exec(pathname) ?? [];
  return balances(played, id, pathname.endsWith('balances-on-chain'));
}

function report({ head, findings = [] }: Played) {
  const about = { id: uuidOf(0), chainId: CHAIN, from: 0, to: head, checkpointSize: 9, createdAt: NOW };
  return { ...about, findingCount: findings.length, report: 'a note', findings, checkpoint: 'a note' };
}

function page(query: URLSearchParams, count: number, make: (n: number) => object) {
  const from = Number(query.get('cursor') ?? 0);
  const to = Math.min(count, from + Number(query.get('limit')));
  const data = Array.from({ length: to - from }, (_, index) => make(from + index));
  return { data, nextCursor: to < count ? String(to) : null };
}

function blocks(played: Played, from: number, count: number) {
  const to = Math.min(played.head, from + count - 1);
  const isHere = (height: number) => height >= from && height <= to;
  const sent = Array.from({ length: played.requests }, (_, n) => n)
    .filter((n) => isHere(heightOf(n)) && !played.lost.includes(n))
    .map((n) => {
      const place = { blockHeight: heightOf(n), blockHash: HASH };
      return {
        txHash: hashOf(n),
        from: FROM,
        nonce: n,
        to: TO,
        value: '5',
        data: '0x',
        success: true,
        ...place,
      };
    });
  const differences = played.differences.filter(({ height }) => isHere(height));
  return { from, to, head: played.head, differences, sent, asOf: NOW };
}

function balances({ wrongWallet, untoldWallet }: Played, id: string, isChain: boolean) {
  const isWrong = wrongWallet !== null && id === uuidOf(wrongWallet);
  const amount = isChain || !isWrong ? '7' : '8';
  const isUntold = untoldWallet !== null && id === uuidOf(untoldWallet);
  if (isChain) return { blockHeight: 1, data: isUntold ? [] : [{ assetId: COIN, amount }] };
  const rest = { symbol: 'ETH', decimals: 18, pending: '0', available: amount, blockHeight: 1, asOf: NOW };
  return { data: [{ assetId: COIN, amount, ...rest }], nextCursor: null };
}

function chain(height: number) {
  const coin = { nativeAssetId: COIN, nativeSymbol: 'ETH', decimals: 18 };
  const state = {
    head: { height, hash: HASH, time: NOW },
    finalizedHeight: 0,
    status: 'following',
    stopReason: null,
  };
  return { chainId: CHAIN, name: 'played', kind: 'evm', ...coin, confirmations: 2, ...state };
}

function wallet(n: number) {
  const own = { name: 'w', type: 'hot', status: 'active', policyId: null, isWatchOnly: false, tags: [] };
  const times = { isDefault: false, metadata: {}, createdAt: NOW, updatedAt: NOW };
  return { id: uuidOf(n), userId: uuidOf(0), chainId: CHAIN, address: FROM, ...own, ...times };
}

function request(n: number) {
  const shared = { ...ZERO, amount: '5', feeCeiling: '9' };
  const intent = { version: 1, requestId: uuidOf(n), ...shared, validUntil: NOW };
  const place = { txHash: hashOf(n), blockHeight: heightOf(n), blockHash: HASH, confirmations: 9 };
  const empty = { approvals: [], required: [], attempts: [], metadata: {}, policy: null, simulation: null };
  const unset = { reason: null, queuedBehind: null, expiresAt: null, clientReference: null, note: null };
  const times = { createdBy: uuidOf(0), createdAt: NOW, updatedAt: NOW, finalizedAt: NOW, version: 1 };
  const kind = { id: uuidOf(n), kind: 'payment', status: 'confirmed', intent, intentHash: HASH };
  return { ...kind, ...shared, decimals: 18, display: '5', ...place, ...empty, ...unset, ...times };
}

function hashOf(n: number): string {
  return `0x${(n + 16).toString(16).padStart(64, '0')}`;
}

/** The id of the request, or of the wallet, with that number. */
export function uuidOf(n: number): string {
  return `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
}
