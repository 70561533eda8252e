import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { present } from '@ironforge/kernel';
import { spawnBound } from '../process/spawn-bound.ts';
import { saidBy } from '../said-by.ts';
import { waitUntil } from '../wait-until.ts';
import { anvilBinary } from './anvil-binary.ts';

/** How the node makes blocks. */
export interface AnvilOptions {
  /** Seconds between blocks; without it blocks are made by `mine` alone. */
  readonly blockTimeSeconds?: number;
  /** 31337 by default. */
  readonly chainId?: number;
  readonly extraArguments?: readonly string[];
}

/** A running EVM node of Foundry. */
export interface Anvil extends AsyncDisposable {
  readonly rpcUrl: string;
  readonly wsUrl: string;
  /** CAIP-2. */
  readonly chainId: string;
  /** One JSON-RPC call; throws what the node refuses. */
  rpc(method: string, params?: readonly unknown[]): Promise<unknown>;
  mine(blocks?: number): Promise<void>;
  /** Undoes so many blocks and makes as many new ones; `transactions` are [raw or request, index of block] pairs. */
  reorg(depth: number, transactions?: readonly unknown[]): Promise<void>;
  /** Stops the process without ending it (SIGSTOP). */
  freeze(): void;
  resume(): void;
}

/** Starts a node of the caller's own with funded development accounts. */
export async function startAnvil(options: AnvilOptions = {}): Promise<Anvil> {
  const { chainId = 31337 } = options;
  const child = spawnBound(anvilBinary(), argumentsOf(options, chainId), { stdout: 'pipe' });
  // The node takes a free port itself and says which: one that was chosen for it could be taken before it starts.
  const output = present(child.stdout, 'the output of anvil');
  const host = await saidBy(output, (line) => /^Listening on (\S+)$/.exec(line)?.[1]);
  const rpcUrl = `http://${host}`;
  const rpc = (method: string, params: readonly unknown[] = []) => call(rpcUrl, method, params);
  await waitUntil('anvil to answer', () => rpc('eth_chainId'), { intervalMs: 10 });
  return {
    rpcUrl,
    wsUrl: `ws://${host}`,
    chainId: `eip155:${chainId}`,
    rpc,
    mine: async (blocks = 1) => void (await rpc('anvil_mine', [`0x${blocks.toString(16)}`])),
    reorg: async (depth, transactions = []) => void (await rpc('anvil_reorg', [depth, transactions])),
    freeze: () => freeze(child),
    resume: () => void child.kill('SIGCONT'),
    [Symbol.asyncDispose]: () => stop(child),
  };
}

function argumentsOf({ blockTimeSeconds, extraArguments = [] }: AnvilOptions, chainId: number): string[] {
  const mining =
    blockTimeSeconds === undefined ? ['--no-mining'] : ['--block-time', String(blockTimeSeconds)];
  return ['--host', '127.0.0.1', '--port', '0', '--chain-id', String(chainId), ...mining, ...extraArguments];
}

async function call(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const answer: unknown = await response.json();
  if (typeof answer === 'object' && answer !== null && 'result' in answer) return answer.result;
  throw new Error(`${method}: ${JSON.stringify(answer)}`);
}

/** The signal reaches each thread by itself: until all stand, one may still answer. */
function freeze(child: ChildProcess): void {
  child.kill('SIGSTOP');
  const threads = `/proc/${child.pid}/task`;
  const stands = (thread: string) => / T \d/.test(readFileSync(`${threads}/${thread}/stat`, 'utf8'));
  const until = performance.now() + FROZEN_WITHIN_MS;
  while (!readdirSync(threads).every(stands))
    if (performance.now() > until) throw new Error('anvil does not stand still');
}

const FROZEN_WITHIN_MS = 2_000;

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
