import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  appendLeaves,
  formatCheckpoint,
  formatKey,
  formatNote,
  formatTlogProof,
  keyOf,
  leafHash,
  type LogSigner,
  logSigner,
  rootOf,
  signNote,
  tileMap,
} from '@ironforge/audit-log';
import { afterAll, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { homeOf } from '../home.ts';
import { run } from '../run.ts';

const folder = mkdtempSync(join(tmpdir(), 'ironforge-follow-'));
afterAll(() => rmSync(folder, { recursive: true }));

const signerOf = (byte: number) => logSigner('played.example/audit/tenant-a', new Uint8Array(32).fill(byte));
const [old, next] = [signerOf(1), signerOf(2)];
const keyTextOf = (signer: LogSigner) => formatKey(keyOf(signer));
const OLD = fileWith('old.pub', keyTextOf(old));

it('follow prints the key that a log goes on with, for whoever has the one before', async () => {
  expect(await follow(OLD, fileWith('both.json', rotationSignedBy(next, old)))).toEqual({
    code: 0,
    heard: [keyTextOf(next)],
  });
});

it('follow refuses what the key before has not signed, with exit code 6 and what to do', async () => {
  const { code, heard } = await follow(OLD, fileWith('alone.json', rotationSignedBy(next)));
  expect(code).toBe(6);
  expect(heard.join('\n')).toContain('get the new one from the operator by another way');
});

/** The proof of the only entry of a log, which tells of a rotation. */
function rotationSignedBy(...signers: readonly LogSigner[]): string {
  const details = { from: keyTextOf(old), to: keyTextOf(next) };
  const entry = { details, sequence: 1, tenantId: 'tenant-a', type: 'audit_signing_key_rotated' };
  const leaf = leafHash(Buffer.from(JSON.stringify(entry)));
  const root = rootOf(1, tileMap(appendLeaves({ size: 0, leafHashes: [leaf] }, new Map())));
  const text = formatCheckpoint({ origin: old.name, size: 1, root, extensions: [] });
  const checkpoint = formatNote({ text, signatures: signers.map((signer) => signNote(text, signer)) });
  const tlogProof = formatTlogProof({ index: 0, hashes: [], checkpoint, extra: new Uint8Array() });
  return JSON.stringify({ entry, tlogProof });
}

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

async function follow(key: string, bundle: string) {
  const heard: string[] = [];
  const say = (line: string) => void heard.push(line);
  const env = { IRONFORGE_HOME: folder };
  const context: Context = { env, home: homeOf(env), print: say, say, confirm: null };
  return { code: await run(['audit-key', 'follow', key, bundle], context), heard };
}
