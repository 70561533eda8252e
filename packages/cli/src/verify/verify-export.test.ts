import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { playedServer } from './copy.fixture.ts';
import { playedLog, witnessKey } from './log.fixture.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ironforge-verify-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const log = playedLog('tenant-a');
const { file, manifest } = log.exportOf('jsonl', 3, 30);
const KEY = ['--key', fileWith('audit.pub', log.key)];

it('says a line for each part and a sentence, and ends with 0', async () => {
  const { code, out, err } = await verify(file, manifest, '--witness', fileWith('w.pub', witnessKey));
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.map((line) => line.replaceAll(/[0-9a-f]{64}/g, 'HASH'))).toEqual([
    `manifest     proved      export e1 of 2026-01-02T03:04:05.678Z for user:u1, without a filter; signed by the log played.example/audit/tenant-a, key ${log.key.split('+')[1]}`,
    `file         proved      ${Buffer.byteLength(file)} bytes, SHA-256 HASH`,
    'lines        proved      28 entries of tenant tenant-a, each in its one form, numbers ascending',
    'tree         proved      these are all entries 3 to 30, at their places under the root of 40',
    `checkpoint   proved      signed by the log played.example/audit/tenant-a, key ${log.key.split('+')[1]}`,
    'witnesses    proved      cosigned by witness.example/w1 at 2025-11-24T16:00:00.000Z',
    'Proved: nothing was left out, put in or changed between the first entry and the last.',
  ]);
});

it('takes CSV as well, from standard input, and tells a program with --json', async () => {
  const csv = log.exportOf('csv', 1, 40);
  const args = ['-', ...KEY, '--manifest', fileWith('csv.json', JSON.stringify(csv.manifest)), '--json'];
  const { code, out } = await run(args, csv.file);
  expect(code).toBe(0);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({
    isProved: true,
    tree: { proved: { first: 1, last: 40 } },
  });
});

it.each([
  ['a character that was changed', file.replace('"5"', '"6"'), manifest, 'file'],
  ['half of the file', file.slice(0, 1_000), manifest, 'lines'],
  [
    'a file without its last line',
    file.slice(0, file.lastIndexOf('\n', file.length - 2) + 1),
    manifest,
    'lines',
  ],
  ['the manifest of another export', file, log.exportOf('jsonl', 3, 29).manifest, 'file'],
  [
    'the manifest of another tenant',
    file,
    playedLog('tenant-b').exportOf('jsonl', 3, 30).manifest,
    'manifest',
  ],
  ['half of the manifest', file, JSON.stringify(manifest).slice(0, 500), 'manifest'],
])('refuses %s with 6, and says which part and why', async (_, text, proof, part) => {
  const { code, out, err } = await verify(text, proof);
  expect({ code, err }).toEqual({ code: 6, err: '' });
  expect(out.find((line) => line.startsWith(part))).toMatch(/^\w+ +refused +\w+/);
  expect(out.at(-1)).toMatch(/^Refused: /);
});

it('says with 2 that it was asked wrongly', async () => {
  const missing = ['--manifest', join(folder, 'nowhere.json')];
  expect((await run([fileWith('e', file), ...KEY, ...missing])).code).toBe(2);
  const proof = ['--manifest', fileWith('m.json', JSON.stringify(manifest))];
  expect((await run([join(folder, 'nowhere.jsonl'), ...KEY, ...proof])).code).toBe(2);
  const since = ['--since', fileWith('kept.txt', log.noteOf(20))];
  expect((await run([fileWith('e', file), ...KEY, ...proof, ...since])).code).toBe(2);
});

it.each([
  ['an export', fileWith('whole.jsonl', file), ['--manifest', fileWith('of.json', JSON.stringify(manifest))]],
  ['a report', fileWith('report.json', JSON.stringify({ reports: [] })), []],
])('takes no key of immudb for %s, which says nothing of the copy there', async (_, path, args) => {
  const immudbKey = ['--immudb-key', fileWith('server.pem', playedServer().pem)];
  const { code, out, err } = await run([path, ...KEY, ...args, ...immudbKey]);
  expect({ code, out }).toEqual({ code: 2, out: [] });
  expect(err).toContain('--immudb-key is for the proof of an entry');
});

function fileWith(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function verify(text: string, proof: unknown, ...args: readonly string[]) {
  const json = typeof proof === 'string' ? proof : JSON.stringify(proof);
  const all = [fileWith('export', text), ...KEY, '--manifest', fileWith('manifest.json', json), ...args];
  return await run(all);
}

async function run(args: readonly string[], input = '') {
  return await new Promise<{ code: number; out: string[]; err: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', MAIN, 'verify', ...args],
      (_error, out, err) =>
        resolve({ code: child.exitCode ?? -1, out: out.split('\n').filter((line) => line !== ''), err }),
    );
    child.stdin?.end(input);
  });
}
