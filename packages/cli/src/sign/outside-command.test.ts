import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transaction } from 'ethers';
import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { commandSigner } from './outside-command.ts';
import type { SigningPayload } from './objection.ts';

const folder = mkdtempSync(join(tmpdir(), 'command-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const id = '11111111-1111-4111-8111-111111111111';
const address = '0x90F79bf6EB2c4f870365E785982E1f101E93b906';
const to = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const unsignedTransaction = Transaction.from({
  type: 2,
  chainId: 31337,
  nonce: 3,
  to,
  value: 7n,
  gasLimit: 21_000n,
  maxFeePerGas: 2n,
  maxPriorityFeePerGas: 1n,
}).unsignedSerialized;

const intent: SigningPayload['intent'] = {
  version: 1,
  requestId: id,
  tenantId: id,
  walletId: id,
  chainId: 'eip155:31337',
  from: address,
  to,
  assetId: 'eip155:31337/slip44:60',
  amount: '7',
  feeCeiling: '42000',
  validUntil: '2026-01-02T00:00:00Z',
};
const payload: SigningPayload = {
  transactionId: id,
  kind: 'original',
  leaseId: id,
  fence: 1,
  expiresAt: '2026-01-01T00:10:00Z',
  intent,
  intentHash: '0x1',
  original: { intent, intentHash: '0x1' },
  approvals: [],
  required: [],
  evm: {
    unsignedTransaction,
    type: 2,
    nonce: 3,
    gasLimit: 21_000,
    maxFeePerGas: '2',
    maxPriorityFeePerGas: '1',
  },
};

/** A real program of a few lines. */
function program(lines: string): string {
  const file = join(folder, `program-${lines.length}.mjs`);
  writeFileSync(file, `#!${process.execPath}\n${lines}\n`);
  chmodSync(file, 0o700);
  return file;
}

const signBy = (lines: string, stop?: AbortSignal) => {
  const env = { IRONFORGE_API_KEY: 'not for it', HOME: '/home/of/it' };
  return commandSigner({ program: program(lines), address, env, ...(stop && { stop }) }).sign(payload);
};

it('is told the bytes and what they mean, and nothing of IronForge’s own', async () => {
  const told = await signBy(
    `process.stdin.on('data', (order) => console.log(JSON.stringify({ order: JSON.parse(order), env: process.env })));`,
  );
  const { order, env } = z.object({ order: z.unknown(), env: z.unknown() }).parse(JSON.parse(told));
  expect(order).toEqual({
    transactionId: id,
    kind: 'original',
    address,
    unsignedTransaction,
    transaction: {
      type: 2,
      chainId: '31337',
      nonce: 3,
      to,
      value: '7',
      data: '0x',
      gasLimit: '21000',
      gasPrice: null,
      maxFeePerGas: '2',
      maxPriorityFeePerGas: '1',
    },
    intent,
    intentHash: '0x1',
  });
  expect(env).toMatchObject({ HOME: '/home/of/it' });
  expect(env).not.toHaveProperty('IRONFORGE_API_KEY');
});

it('gives what it prints, without the line break, also when it reads nothing', async () => {
  expect(await signBy(`console.log('0x02aa');`)).toBe('0x02aa');
});

it('fails with the program’s exit code, and without its words', async () => {
  await expect(signBy(`console.log('0x02'); process.exit(3);`)).rejects.toThrow(/ended with code 3$/);
  const nowhere = commandSigner({ program: join(folder, 'nowhere'), address, env: {} });
  await expect(nowhere.sign(payload)).rejects.toMatchObject({ code: 'signer_silent' });
});

it('ends the program when the signer ends', async () => {
  const stop = new AbortController();
  const signing = signBy(`process.stdin.resume(); setInterval(() => {}, 1000);`, stop.signal);
  stop.abort();
  await expect(signing).rejects.toMatchObject({ code: 'signer_silent' });
});

it('gives what was printed by the end, though a child that is left behind keeps the output open', async () => {
  const printed = await signBy(`import { spawn } from 'node:child_process';
const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { stdio: ['ignore', 'inherit', 'ignore'] });
child.unref();
console.log(child.pid);`);
  // The child is alive still: there is something to kill.
  process.kill(Number(printed), 'SIGKILL');
}, 20_000);
