import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { encryptKeystoreJsonSync } from 'ethers';
import { z } from 'zod';
import type { Caller } from './caller.ts';
import { chain, environment } from './environment.ts';
import { type KeyedWallet, NATIVE } from './payment.ts';
import { present } from './present.ts';

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

const line = z.looseObject({
  event: z.string(),
  kind: z.string().optional(),
  transactionId: z.string().optional(),
  txHash: z.string().optional(),
  why: z.string().optional(),
});

/** One line of the signer's program. */
export type Line = z.infer<typeof line>;

/** The signer's program as a process of its own. */
export interface Watching {
  lines(): readonly Line[];
  /** All that it ever printed. */
  output(): string;
  /** Waits for a line. */
  said(event: string, transactionId?: string): Promise<Line>;
  /** Asks it to stop, and gives its exit code. */
  stop(): Promise<number | null>;
}

/** A desk with a folder of its own, an API key and rules. */
export interface Desk extends Disposable {
  readonly apiKey: string;
  readonly password: string;
  /** Writes a keystore and its password; gives the options that name them. */
  keystore(wallet: KeyedWallet): readonly string[];
  /** Writes a program; gives its path. */
  program(lines: string): string;
  rules(change?: object): readonly string[];
  /** Where the signer notes what it signed, for one without a keystore. */
  journal(): readonly string[];
  watch(options: readonly string[], url?: string): Watching;
}

/** Sets up a desk for a signer, who may pay these addresses and no others. */
export async function openDesk(signer: Caller, destinations: readonly string[]): Promise<Desk> {
  const { key: apiKey } = await signer.call(ROUTES.createApiKey, { body: { name: 'desk' } });
  const folder = mkdtempSync(join(tmpdir(), 'signing-desk-'));
  const password = `a password of ${folder}`;
  const processes: ChildProcess[] = [];
  const endAll = () => processes.forEach((child) => child.kill('SIGKILL'));
  // Before this process ends with a run that was killed: a signer that stays would outlive both.
  process.prependListener('disconnect', endAll);
  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    chmodSync(file, 0o700);
    return file;
  };
  return {
    apiKey,
    password,
    keystore: ({ address, key: { privateKey } }) => {
      // Far weaker than what the program itself makes: it is opened many times here.
      const json = encryptKeystoreJsonSync({ address, privateKey }, password, { scrypt: { N: 1_024 } });
      return ['--keystore', write(`${address}.json`, json), '--password-file', write('password', password)];
    },
    program: (text) => write(`program-${processes.length}.mjs`, `#!${process.execPath}\n${text}\n`),
    rules: (change = {}) => {
      const rules = {
        kinds: ['original', 'speed_up'],
        chains: { [chain.chainId]: { maxFee: (10n ** 18n).toString() } },
        assets: { [NATIVE]: { maxAmount: '1000' } },
        destinations,
      };
      return ['--rules', write('rules.json', JSON.stringify({ ...rules, ...change }))];
    },
    journal: () => ['--journal', join(folder, 'signed')],
    watch: (options, url = environment.gatewayUrl) => {
      const child = start(['sign', '--watch', '--json', '--url', url, ...options], apiKey);
      processes.push(child);
      return watching(child);
    },
    [Symbol.dispose]: () => {
      endAll();
      process.off('disconnect', endAll);
      rmSync(folder, { recursive: true });
    },
  };
}

function start(args: readonly string[], apiKey: string): ChildProcess {
  const { PATH = '', HOME = '/' } = process.env;
  const env = { PATH, HOME, IRONFORGE_API_KEY: apiKey };
  return spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

function watching(child: ChildProcess): Watching {
  const lines: Line[] = [];
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  createInterface({ input: present(child.stdout, 'the output') }).on('line', (text) => {
    output += `${text}\n`;
    lines.push(line.parse(JSON.parse(text)));
  });
  const find = (event: string, id?: string) =>
    lines.find((one) => one.event === event && (id === undefined || one.transactionId === id));
  return {
    lines: () => lines,
    output: () => output,
    said: (event, id) => waitUntil(`the signer to say ${event}; it said ${output}`, () => find(event, id)),
    stop: async () => {
      const ended = once(child, 'close');
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}
