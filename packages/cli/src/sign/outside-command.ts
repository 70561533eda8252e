import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Transaction } from 'ethers';
import { trouble } from '../trouble.ts';
import type { SigningPayload } from './objection.ts';
import type { Signer } from './signer.ts';

/** A program that signs, and the address that it signs for. */
export interface OutsideCommand {
  readonly program: string;
  readonly address: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the program when the signer ends. */
  readonly stop?: AbortSignal;
}

/** A person may have to press a button; the lease runs longer. */
const TIMEOUT_MS = 100_000;
const OUTPUT_WITHIN_MS = 1_000;
const MAX_OUTPUT_CHARS = 300_000;

/**
 * Signs by a program that gets one JSON object on its standard input and writes the signed bytes, in hex, to its standard
 * output. Its standard error is the signer's own. It sees the caller's environment but for IronForge's variables. Throws
 * `signer_silent` when it gives no answer in time, and `failed` when its answer is a no.
 */
export function commandSigner(command: OutsideCommand): Signer {
  return {
    address: command.address,
    sign: async (payload) => (await run(command, JSON.stringify(orderOf(payload)))).trim(),
  };
}

/** What the program is told: the bytes to sign, and what they mean. */
function orderOf({ transactionId, kind, intent, intentHash, evm }: SigningPayload) {
  const unsigned = Transaction.from(evm.unsignedTransaction);
  const { type, nonce, to, data, chainId, value, gasLimit } = unsigned;
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = unsigned;
  const amounts = { chainId, value, gasLimit, gasPrice, maxFeePerGas, maxPriorityFeePerGas };
  const texts = Object.entries(amounts).map(([name, amount]) => [name, amount?.toString() ?? null] as const);
  const transaction = { type, nonce, to, data, ...Object.fromEntries(texts) };
  const { unsignedTransaction } = evm;
  return { transactionId, kind, address: intent.from, unsignedTransaction, transaction, intent, intentHash };
}

async function run({ program, env, stop }: OutsideCommand, input: string): Promise<string> {
  const late = AbortSignal.timeout(TIMEOUT_MS);
  const signal = AbortSignal.any([late, ...(stop === undefined ? [] : [stop])]);
  const child = spawn(program, [], { env: withoutOwn(env), signal, stdio: ['pipe', 'pipe', 'inherit'] });
  // A program that does not read closes its end: its exit code says why.
  child.stdin.on('error', () => undefined).end(`${input}\n`);
  const output = outputOf(child.stdout);
  const code = await exitOf(child).catch((error: unknown) => {
    letGo(child);
    throw trouble('signer_silent', `${program} cannot be run or was stopped`, error);
  });
  await ended(child.stdout);
  if (code !== 0) throw trouble('failed', `${program} ended with code ${code}`);
  return output();
}

function outputOf(stdout: Readable): () => string {
  let output = '';
  stdout.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(0, MAX_OUTPUT_CHARS)));
  return () => output;
}

/** The exit code, null when a signal ended it; throws when the program cannot be run, or is told to end before it did. */
function exitOf(child: ChildProcess): Promise<number | null> {
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject).once('exit', resolve);
  return promise;
}

// A program that does not end when it is told to must not keep the signer.
function letGo(child: ChildProcessByStdio<Writable, Readable, null>): void {
  child.unref();
  child.stdin.destroy();
  child.stdout.destroy();
}

// What the program leaves behind may hold its output open for ever: what was written by its end counts.
async function ended(stdout: Readable): Promise<void> {
  const signal = AbortSignal.timeout(OUTPUT_WITHIN_MS);
  await finished(stdout, { signal }).catch(() => undefined);
  stdout.destroy();
}

function withoutOwn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('IRONFORGE_')));
}
