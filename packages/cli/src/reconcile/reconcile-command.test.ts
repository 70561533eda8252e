import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { heightOf, type Played, startGateway, uuidOf } from './played-gateway.fixture.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const FOLDER = mkdtempSync(join(tmpdir(), 'ironforge-reconcile-'));
afterAll(() => rmSync(FOLDER, { recursive: true }));
const CLEAN: Played = {
  head: 2_400,
  requests: 3,
  wallets: 2,
  lost: [],
  wrongWallet: null,
  untoldWallet: null,
  differences: [],
  refusals: 0,
};
const CHAIN = ['--chain', 'eip155:31337'];
const MISSING = {
  kind: 'missing_transfer',
  height: 12,
  subject: 'a deposit',
  onChain: '5',
  stored: null,
} as const;

it('without a difference it ends well, says how far it is, and what was compared', async () => {
  await using gateway = await startGateway(CLEAN);
  const { code, out, err } = await reconcile(gateway.url, '--from', '0');
  expect({ code, out }).toEqual({ code: 0, out: ['0 differences in blocks 0 to 2400'] });
  expect(err).toEqual([
    'compared up to block 999 of 2400',
    'compared up to block 1999 of 2400',
    'compared 3 requests',
    'compared the balances of 2 wallets',
  ]);
});

it('where nodes allow no more for now it says so, and asks again', async () => {
  await using gateway = await startGateway({ ...CLEAN, refusals: 2 });
  const { code, out, err } = await reconcile(gateway.url, '--from', '2390');
  expect({ code, out }).toEqual({ code: 0, out: ['0 differences in blocks 2390 to 2400'] });
  expect(err.filter((line) => /^asked again in 0 s: .*asked too often/.test(line)).length).toBe(2);
  expect(gateway.asked.filter((path) => path.startsWith('/v1/chains/reconciliation')).length).toBe(3);
});

it('without heights it compares the last thousand blocks', async () => {
  await using gateway = await startGateway(CLEAN);
  expect((await reconcile(gateway.url, '--json')).out).toEqual([
    JSON.stringify({ ok: true, from: 1401, to: 2400, requestedTo: null, differences: 0 }),
  ]);
});

it('says that the chain ends before the last block that was asked for, and what it compared instead', async () => {
  await using gateway = await startGateway(CLEAN);
  const range = ['--from', '2390', '--to', '99999999'];
  const { code, out, err } = await reconcile(gateway.url, ...range, '--json');
  expect(out).toEqual([
    JSON.stringify({ ok: true, from: 2390, to: 2400, requestedTo: 99_999_999, differences: 0 }),
  ]);
  expect(code).toBe(0);
  expect(err).toContain("Warning: compared up to block 2400, where the chain's head is, not to 99999999");
  const { out: lines } = await reconcile(gateway.url, ...range);
  expect(lines).toEqual(['0 differences in blocks 2390 to 2400']);
});

it('says nothing of the head where the chain reaches as far as was asked', async () => {
  await using gateway = await startGateway(CLEAN);
  const { err } = await reconcile(gateway.url, '--from', '2390', '--to', '2400');
  expect(err.filter((line) => line.includes('head'))).toEqual([]);
});

it('goes through more requests and wallets than a page holds, each page once, and reads only blocks that hold some', async () => {
  await using gateway = await startGateway({
    ...CLEAN,
    head: 5_000,
    requests: 450,
    wallets: 401,
    lost: [449],
  });
  const { code, out } = await reconcile(gateway.url, '--from', '4400', '--json');
  const lost = {
    kind: 'request_without_transaction',
    height: heightOf(449),
    subject: `request ${uuidOf(449)}`,
  };
  expect(code).toBe(5);
  expect(out.map((line): unknown => JSON.parse(line))).toMatchObject([
    { ...lost, onChain: null },
    { ok: false, from: 4400, to: 5000, differences: 1 },
  ]);
  const pages = (path: string) => gateway.asked.filter((asked) => asked.startsWith(`${path}?`));
  expect(pages('/v1/transactions').map((asked) => /cursor=(\d+)/.exec(asked)?.[1])).toEqual([
    undefined,
    '200',
    '400',
  ]);
  expect(pages('/v1/wallets')).toHaveLength(3);
  // Thirteen for the blocks themselves, and two for those of the ten requests that lie there.
  expect(pages('/v1/chains/reconciliation')).toHaveLength(15);
});

it('tells each kind of difference to a person, and ends with 5', async () => {
  await using gateway = await startGateway({ ...CLEAN, lost: [1], wrongWallet: 1, differences: [MISSING] });
  const { code, out } = await reconcile(gateway.url, '--from', '0');
  expect(code).toBe(5);
  expect(out.filter((line) => !line.startsWith('  '))).toEqual([
    'missing_transfer  12  a deposit',
    `request_without_transaction  ${heightOf(1)}  request ${uuidOf(1)}`,
    `wrong_balance  1  eip155:31337/slip44:60 of wallet ${uuidOf(1)}`,
    '3 differences in blocks 0 to 2400',
  ]);
  expect(out).toEqual(expect.arrayContaining(['  on chain: 7', '  stored:   8']));
});

it('tells a balance that the node would not tell as one that is stored and not on the chain: it was not compared', async () => {
  await using gateway = await startGateway({ ...CLEAN, untoldWallet: 0 });
  const { code, out } = await reconcile(gateway.url, '--from', '0');
  expect(code).toBe(5);
  expect(out[0]).toBe(`wrong_balance  1  eip155:31337/slip44:60 of wallet ${uuidOf(0)}`);
});

it.each([
  ['a chain that nobody follows', ['--chain', 'eip155:1'], 2],
  ['a range without a block', [...CHAIN, '--from', '9', '--to', '3'], 2],
  ['a height that is none', [...CHAIN, '--from', 'x'], 2],
])('says with 2 that it was asked wrongly: %s', async (_, args, expected) => {
  await using gateway = await startGateway(CLEAN);
  expect((await run(gateway.url, args)).code).toBe(expected);
});

it.each([
  ['tells of entries that were pruned, which are no difference', 'entry_pruned', 0],
  ['ends with 5 for a finding of the log', 'transfer_without_entry', 5],
])('%s', async (_, kind, expected) => {
  const finding = { kind, height: 12, transfer: 'a deposit', entry: null, onChain: '5', inLog: null };
  await using gateway = await startGateway({ ...CLEAN, findings: [finding] });
  const file = join(FOLDER, `${kind}.json`);
  const { code, out } = await reconcile(gateway.url, '--from', '2390', '--report', file);
  expect(code).toBe(expected);
  expect(out[0]).toBe(`${kind}  12  a deposit  no entry`);
  expect(readFileSync(file, 'utf8')).toContain(`"kind":"${kind}"`);
});

it('asks nobody for a report that could not be kept', async () => {
  await using gateway = await startGateway(CLEAN);
  const { code, err } = await reconcile(gateway.url, '--report', '/nonexistent/report.json');
  expect(code).toBe(2);
  expect(err).toEqual([
    'ironforge: /nonexistent/report.json cannot be written: /nonexistent is no folder, make it first',
  ]);
  expect(gateway.asked).toEqual([]);
});

it('says with 3 that nobody answers', async () => {
  expect((await run('http://127.0.0.1:1', CHAIN)).code).toBe(3);
});

function reconcile(url: string, ...args: string[]) {
  return run(url, [...CHAIN, ...args]);
}

/** The command as a person starts it: its exit code, and the lines of both outputs. */
async function run(url: string, args: readonly string[]) {
  const env = { ...process.env, IRONFORGE_API_KEY: 'ifk_played' };
  return await new Promise<{ code: number; out: string[]; err: string[] }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', MAIN, 'reconcile', '--url', url, ...args],
      { env },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out: linesOf(out), err: linesOf(err) }),
    );
  });
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
