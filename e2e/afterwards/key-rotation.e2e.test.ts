import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { verifyLog } from '../world/audit-log.ts';
import { type Caller, callerWith } from '../world/caller.ts';
import { ironforge, start } from '../world/command.ts';
import { environment } from '../world/environment.ts';
import { present } from '../world/present.ts';

const folder = mkdtempSync(join(tmpdir(), 'key-rotation-'));
const { tenantId } = environment;
const environmentFile = present(process.env['IRONFORGE_ENV_FILE'], 'IRONFORGE_ENV_FILE');
let compliance: Caller;
let trusted: string;
let kept: string;

beforeAll(async () => {
  const officer = environment.users.find(({ roles }) => roles.includes('compliance'));
  compliance = callerWith(present(officer, 'a compliance officer').apiKey);
  trusted = (await ironforge('audit-key')).printed;
  kept = (await compliance.call(ROUTES.getLatestAuditCheckpoint)).note;
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  // Whoever comes after this file has to know the new keys.
  writeFileSync(environmentFile, (await ironforge('env', '--json')).printed);
});

it('a key that is rotated while everything runs: the log goes on, is whole, and leads whoever has the old key', async () => {
  const restarts = await restartsOfAudit();
  const { exitCode, printed } = await ironforge('audit-key', 'rotate');
  expect([exitCode, printed]).toEqual([0, (await ironforge('audit-key')).printed]);
  expect(printed).not.toBe(trusted);
  expect(await restartsOfAudit()).toBe(restarts + 1);
  const bundle = await bundleOf((await signIn()).id);
  expect(await verify(bundle, trusted)).toBe(6);
  trusted = await follow((await rotations()).at(-1), trusted);
  expect(trusted.split('\n')[1]).toBe(printed);
  expect(await verify(bundle, trusted)).toBe(0);
  expect(await wholeBy(trusted, '--since', fileWith('kept.txt', kept))).toEqual([0, []]);
});

it('a second rotation is followed from the first, and from no other', async () => {
  expect((await ironforge('audit-key', 'rotate')).exitCode).toBe(0);
  const second = present((await rotations()).at(-1), 'the entry of it');
  const [first = ''] = trusted.split('\n');
  const tooEarly = await followed(second, first);
  expect([tooEarly.exitCode, tooEarly.said]).toEqual([
    6,
    expect.stringContaining('follow the rotations before it first'),
  ]);
  trusted = await follow(second, trusted);
  const newest = (await ironforge('audit-key', 'show', '--all')).printed.split('\n').slice(0, 3);
  expect(trusted.split('\n')).toEqual(newest.toReversed());
  expect(await wholeBy(trusted)).toEqual([0, []]);
  const { findings } = await verifyLog(tenantId, '--key', fileWith('first.pub', first));
  expect(findings).not.toEqual([]);
  expect(findings.every(({ detail }) => detail.includes('which is none of the given keys'))).toBe(true);
});

it('of two rotations at once one runs, one that was killed is finished by the next, and no key is lost', async () => {
  const both = await Promise.all([1, 2].map(() => ironforge('audit-key', 'rotate')));
  expect(both.map(({ exitCode }) => exitCode)).toContain(0);
  for (const { said } of both.filter(({ exitCode }) => exitCode !== 0))
    expect(said).toContain('wait until it has ended');
  await killedRotation();
  expect((await ironforge('audit-key', 'rotate')).exitCode).toBe(0);
  expect(await verifyLog(tenantId)).toMatchObject({ exitCode: 0, findings: [] });
});

/** Starts a rotation, and kills it as soon as it has kept the new key. */
async function killedRotation(): Promise<void> {
  const file = join(present(process.env['IRONFORGE_HOME'], 'IRONFORGE_HOME'), 'secrets.json');
  const before = readFileSync(file, 'utf8');
  const child = start('audit-key', 'rotate');
  while (child.exitCode === null && readFileSync(file, 'utf8') === before) await nextTurn();
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(readFileSync(file, 'utf8')).not.toBe(before);
}

const Status = z.object({ parts: z.array(z.object({ name: z.string(), restarts: z.int() })) });

async function restartsOfAudit(): Promise<number> {
  const { parts } = Status.parse(JSON.parse((await ironforge('status', '--json')).printed));
  return present(
    parts.find(({ name }) => name === 'audit'),
    'the audit service',
  ).restarts;
}

/** The entry of a sign-in that began just now. */
async function signIn() {
  const { email, password } = present(environment.users[0], 'somebody');
  const list = async () =>
    (await compliance.call(ROUTES.listAuditEntries, { query: { type: 'login_success', limit: 200 } })).data;
  const known = new Set((await list()).map(({ id }) => id));
  await callerWith().call(ROUTES.login, { body: { email, password } });
  return await waitUntil('the entry of it', async () => (await list()).find(({ id }) => !known.has(id)));
}

async function rotations(): Promise<string[]> {
  const query = { type: 'audit_signing_key_rotated', limit: 200 };
  return (await compliance.call(ROUTES.listAuditEntries, { query })).data.map(({ id }) => id);
}

async function bundleOf(id: string): Promise<string> {
  const proof = await compliance.call(ROUTES.getAuditProof, { params: { id } });
  return fileWith(`${id}.json`, JSON.stringify(proof));
}

async function verify(bundle: string, keys: string) {
  return (await ironforge('verify', bundle, '--key', fileWith('trusted.pub', keys))).exitCode;
}

async function followed(rotation: string, keys: string) {
  const file = fileWith('trusted.pub', keys);
  return await ironforge('audit-key', 'follow', file, await bundleOf(rotation));
}

/** The keys that are trusted, and below them the one that a rotation leads to. */
async function follow(rotation: string | undefined, keys: string): Promise<string> {
  const { exitCode, printed } = await followed(present(rotation, 'an entry of a rotation'), keys);
  expect(exitCode).toBe(0);
  return `${keys}\n${printed}`;
}

/** What `audit verify` says of the log by these keys. */
async function wholeBy(keys: string, ...options: readonly string[]) {
  const { exitCode, findings } = await verifyLog(
    tenantId,
    '--key',
    fileWith('trusted.pub', keys),
    ...options,
  );
  return [exitCode, findings];
}

function fileWith(name: string, content: string): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}
