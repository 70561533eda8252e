import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { formatAddCheckpoint, parseLogKey, parseWitnessKey, verifyCheckpoint } from '@ironforge/audit-log';
import { afterAll, expect, it } from 'vitest';
import { playedLog } from '../verify/log.fixture.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ironforge-witness-'));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

const log = playedLog('tenant-a');
const stranger = playedLog('tenant-b');
const LOGS = fileWith('logs.txt', `# whom we follow\n${log.key}\n`);
const KEY = join(folder, 'witness.key');
const made = await run('witness-key', 'witness.example/w1', '--key', KEY);
const witnessKey = made.out.trim();

it('makes a key once, that only its owner may read, and never over another file', async () => {
  expect(made).toMatchObject({ code: 0, err: '' });
  expect(witnessKey).toMatch(/^witness\.example\/w1\+[0-9a-f]{8}\+/);
  expect(statSync(KEY).mode & 0o777).toBe(0o600);
  const again = await run('witness-key', 'witness.example/w1', '--key', KEY);
  expect(again).toMatchObject({
    code: 2,
    err: `ironforge: ${KEY} exists already: a key is never overwritten\n`,
  });
  const nowhere = join(folder, 'none', 'witness.key');
  expect(await run('witness-key', 'witness.example/w1', '--key', nowhere)).toMatchObject({
    code: 2,
    err: `ironforge: ${nowhere} cannot be written: ${join(folder, 'none')} is no folder, make it first\n`,
  });
  expect(await run('witness-key', 'a name', '--key', `${KEY}2`)).toMatchObject({ code: 2 });
});

it('cosigns a log that only grows, so that the checkpoint verifies by both keys', async () => {
  const witness = await start('grows');
  for (const [from, to] of [
    [0, 10],
    [10, 24],
    [24, 24],
  ] as const) {
    const { status, text } = await ask(witness, requestFor(from, to));
    expect(status).toBe(200);
    expect(cosignersOf(`${log.noteOf(to)}${text}`)).toEqual(['witness.example/w1']);
  }
});

it('answers every other request with the status that the protocol has for it', async () => {
  const witness = await start('refuses');
  const good = requestFor(0, 10);
  expect(await ask(witness, 'old 0\n')).toMatchObject({ status: 400, text: 'malformed_request\n' });
  expect(await ask(witness, withoutProof(11, 10))).toMatchObject({ status: 400 });
  expect(await ask(witness, good.replace('\n10\n', '\n11\n'))).toMatchObject({ status: 403 });
  expect(await ask(witness, withoutProof(0, 10, stranger))).toMatchObject({ status: 404 });
  expect(await ask(witness, requestFor(5, 10))).toMatchObject({
    status: 409,
    type: 'text/x.tlog.size',
    text: '0\n',
  });
  expect(await ask(witness, good)).toMatchObject({ status: 200 });
  expect(await ask(witness, withoutProof(10, 20))).toMatchObject({ status: 422, text: 'wrong_proof\n' });
  expect(await ask(witness, 'x'.repeat(70_000))).toMatchObject({ status: 413 });
  expect((await fetch(`${witness.url}/add-checkpoint`)).status).toBe(405);
  expect((await fetch(witness.url)).status).toBe(404);
});

it('gives one of many who go on from the same head what they ask for', async () => {
  const witness = await start('races');
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, at) => ask(witness, requestFor(0, at + 10))),
  );
  const cosigned = answers.flatMap(({ status }, at) => (status === 200 ? [at + 10] : []));
  expect(cosigned).toHaveLength(1);
  expect(await ask(witness, requestFor(0, 30))).toMatchObject({ status: 409, text: `${cosigned[0]}\n` });
});

it('knows after a kill what it cosigned, and shares its folder with nobody', async () => {
  const first = await start('kept');
  await ask(first, requestFor(0, 24));
  const second = await run(...argumentsFor('kept'));
  expect(second).toMatchObject({ code: 2 });
  expect(second.err).toContain('Another witness works on');
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const again = await start('kept');
  expect(await ask(again, requestFor(0, 10))).toMatchObject({ status: 409, text: '24\n' });
  expect(await ask(again, requestFor(24, 40))).toMatchObject({ status: 200 });
});

it('signs nothing while what it cosigned last cannot be read, and says so', async () => {
  const witness = await start('spoilt');
  await ask(witness, requestFor(0, 24));
  const [file = ''] = readdirSync(join(folder, 'spoilt'));
  const path = join(folder, 'spoilt', file);
  expect(readFileSync(path, 'utf8')).toBe(log.noteOf(24));
  writeFileSync(path, stranger.noteOf(24));
  expect(await ask(witness, requestFor(24, 40))).toEqual({ status: 500, type: PLAIN, text: 'failed\n' });
  expect(readFileSync(path, 'utf8')).toBe(stranger.noteOf(24));
});

it('ends in order when it is told to', async () => {
  const witness = await start('ends');
  witness.child.kill('SIGTERM');
  expect(await once(witness.child, 'exit')).toEqual([0, null]);
});

it.each([
  ['an address without a port', { listen: 'localhost' }, 'is no address to listen on'],
  ['a signer of another kind', { key: LOGS }, 'holds no signer of a witness'],
  ['no log', { logs: fileWith('none.txt', '# nobody\n') }, 'holds no key'],
])('refuses %s with a sentence', async (_, change, said) => {
  const { code, err } = await run(...argumentsFor('wrong', change));
  expect(code).toBe(2);
  expect(err).toContain(said);
});

const PLAIN = 'text/plain; charset=utf-8';

function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function requestFor(from: number, to: number): string {
  const hashes = from === 0 ? [] : log.growthOf(from, to).hashes.map((hash) => Buffer.from(hash, 'base64'));
  return formatAddCheckpoint({ oldSize: from, hashes, checkpoint: log.noteOf(to) });
}

function withoutProof(from: number, to: number, of = log): string {
  return formatAddCheckpoint({ oldSize: from, hashes: [], checkpoint: of.noteOf(to) });
}

function cosignersOf(signed: string) {
  const [logKey, witness] = [parseLogKey(log.key), parseWitnessKey(witnessKey)];
  if (!('key' in logKey && 'key' in witness)) throw new Error('no keys');
  const verdict = verifyCheckpoint({ signed, logKey: logKey.key, witnessKeys: [witness.key] });
  return 'cosigned' in verdict ? verdict.cosigned.map(({ witness: { name } }) => name) : verdict.rejected;
}

function argumentsFor(
  state: string,
  change: { listen?: string; key?: string; logs?: string } = {},
): string[] {
  const options = { listen: '127.0.0.1:0', key: KEY, logs: LOGS, state: join(folder, state), ...change };
  return ['witness', ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, value])];
}

async function start(state: string) {
  const child = spawn(process.execPath, [MAIN, ...argumentsFor(state)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const heard: unknown[] = await once(createInterface(child.stdout), 'line');
  return { child, url: String(heard[0]).split(' listens on ')[1] ?? '' };
}

async function ask({ url }: { readonly url: string }, body: string) {
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

async function run(...args: readonly string[]) {
  return await new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { timeout: 60_000 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : error.code, out, err }),
    );
  });
}
