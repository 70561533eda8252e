import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

const rpcCall = z.looseObject({
  id: z.number(),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
});

/** One JSON-RPC call on its way to the node. */
export type ProxiedCall = z.output<typeof rpcCall>;

/** An answer on its way back, without the call's id. */
export type ProxiedAnswer = Readonly<Record<string, unknown>>;

/** What becomes of one call: `real` asks the node, as often as wanted; what is given goes back instead. */
export type Interfere = (
  call: ProxiedCall,
  real: () => Promise<ProxiedAnswer>,
) => ProxiedAnswer | Promise<ProxiedAnswer>;

/** A plain HTTP answer to a whole request, instead of JSON-RPC. */
export interface PlainAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A real node behind a server that lies, lags, accepts and loses, is silent, or has had enough. */
export interface RpcProxy extends AsyncDisposable {
  readonly url: string;
  /** Every call that came in, whatever became of it. */
  readonly calls: readonly ProxiedCall[];
  /** Decides over each call from now on; undoes what was set before. */
  interfere(act: Interfere): void;
  /** Answers every request so, without asking the node; the path that was asked for is given. */
  answerPlainly(answer: PlainAnswer | ((path: string) => PlainAnswer)): void;
  /** Ends every connection that comes, without a word. */
  hangUp(): void;
  /** Shows a chain that ends so many blocks before the node's own head, as a node does that is behind. */
  lag(blocks: number): void;
  /** Says that bytes were taken, and throws them away. */
  loseBytes(): void;
  /** Lets everything through again. */
  heal(): void;
}

interface Line {
  readonly nodeUrl: string;
  readonly calls: ProxiedCall[];
  act: Interfere;
  plain: ((path: string) => PlainAnswer) | 'hang up' | null;
}

const passOn: Interfere = (_call, real) => real();

/** Opens a proxy on the loopback interface in front of a node's HTTP endpoint. */
export async function createRpcProxy(nodeUrl: string): Promise<RpcProxy> {
  const line: Line = { nodeUrl, calls: [], act: passOn, plain: null };
  const server = createServer((request, response) => {
    respond(line, request, response).catch((error: unknown) => endLike(error, request));
  });
  const url = await listen(server);
  const set = (act: Interfere, plain: Line['plain'] = null) => void Object.assign(line, { act, plain });
  return {
    url,
    calls: line.calls,
    interfere: (act) => set(act),
    answerPlainly: (plain) => set(passOn, typeof plain === 'function' ? plain : () => plain),
    hangUp: () => set(passOn, 'hang up'),
    lag: (blocks) => set(lagging(nodeUrl, blocks)),
    loseBytes: () => set(losing),
    heal: () => set(passOn),
    [Symbol.asyncDispose]: () => close(server),
  };
}

async function respond(line: Line, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (line.plain === 'hang up') return void request.socket.destroy();
  if (line.plain !== null) {
    const { status, headers, body } = line.plain(request.url ?? '/');
    return void response.writeHead(status, headers).end(body);
  }
  const body = z.union([z.array(rpcCall), rpcCall]).parse(await json(request));
  const answers = await Promise.all((Array.isArray(body) ? body : [body]).map((call) => answer(line, call)));
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(Array.isArray(body) ? answers : answers[0]));
}

/** A node that died answers nobody, and a caller that died asks nothing; whatever else went wrong is a fault of the test. */
function endLike(error: unknown, request: IncomingMessage): void {
  request.socket.destroy();
  const isNodeAway = error instanceof TypeError && error.cause !== undefined;
  const isCallerAway = error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
  if (!isNodeAway && !isCallerAway) throw error;
}

async function answer({ nodeUrl, calls, act }: Line, call: ProxiedCall): Promise<ProxiedAnswer> {
  calls.push(call);
  const given = await act(call, () => askNode(nodeUrl, call.method, call.params));
  return { jsonrpc: '2.0', ...given, id: call.id };
}

const nodeAnswer = z.looseObject({});

async function askNode(url: string, method: string, params: readonly unknown[]): Promise<ProxiedAnswer> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const response = await fetch(url, { method: 'POST', headers, body });
  return nodeAnswer.parse(await response.json());
}

const NEWEST = ['latest', 'pending', 'finalized', 'safe'];

/** Tags mean the block where the shown chain ends; what lies above it is not there. */
function lagging(nodeUrl: string, blocks: number): Interfere {
  return async (call, real) => {
    const tip = await tipOf(nodeUrl, blocks);
    if (call.method === 'eth_blockNumber') return { result: tip };
    const params = call.params.map((param) => (NEWEST.includes(String(param)) ? tip : param));
    if (asksAbove(call.method, params, tip)) return { result: null };
    if (params.every((param, index) => param === call.params[index])) return await hideAbove(real, tip);
    return await askNode(nodeUrl, call.method, params);
  };
}

function asksAbove(method: string, [first]: readonly unknown[], tip: string): boolean {
  const height = String(first);
  const isHeight = /^0x[0-9a-f]{1,16}$/i.test(height);
  return isHeight && /^eth_getBlock(ByNumber|Receipts)$/.test(method) && BigInt(height) > BigInt(tip);
}

async function tipOf(nodeUrl: string, blocks: number): Promise<string> {
  const { result } = await askNode(nodeUrl, 'eth_blockNumber', []);
  const height = BigInt(String(result)) - BigInt(blocks);
  return `0x${(height < 0n ? 0n : height).toString(16)}`;
}

const placed = z.object({ result: z.object({ blockNumber: z.string() }) });

/** A receipt, or a transaction, of a block above the tip is not known yet. */
async function hideAbove(real: () => Promise<ProxiedAnswer>, tip: string): Promise<ProxiedAnswer> {
  const told = await real();
  const place = placed.safeParse(told);
  return place.success && BigInt(place.data.result.blockNumber) > BigInt(tip) ? { result: null } : told;
}

/** Other calls about these bytes are the node's own affair, and it never got them. */
const losing: Interfere = async (call, real) => {
  if (call.method !== 'eth_sendRawTransaction') return await real();
  return { result: `0x${'00'.repeat(32)}` };
};

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('an HTTP server has a port');
  return `http://127.0.0.1:${address.port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => void server.close(() => resolve()));
}
