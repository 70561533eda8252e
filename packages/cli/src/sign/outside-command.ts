import { spawn } from 'node:child_process';
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
const MAX_OUTPUT_CHARS = 300_000;

/**
 * Signs by a program that gets one JSON object on its standard input and writes the signed bytes, in hex, to its standard
 * output. Its standard error is the signer's own. It sees the caller's environment but for IronForge's variables.
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
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let output = '';
  child.stdout.on(
    'data',
    (chunk: Buffer) => (output = (output + chunk.toString()).slice(0, MAX_OUTPUT_CHARS)),
  );
  child.once('error', (error) => reject(trouble('failed', `${program} cannot be run or was stopped`, error)));
  child.once('close', (code) =>
    code === 0 ? resolve(output) : reject(trouble('failed', `${program} ended with code ${code}`)),
  );
  return await promise;
}

function withoutOwn(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('IRONFORGE_')));
}
