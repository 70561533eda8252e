import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { playedServer } from './copy.fixture.ts';
import { otherWitnessKey, playedLog, witnessKey } from './log.fixture.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ironforge-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));

const log = playedLog('tenant-a');
const other = playedLog('tenant-b');
const bundle = log.bundleOf(5, 24);
const KEY = ['--key', fileWith('audit.pub', `# ours, since March\n${other.key}\n${log.key}\n`)];
const WITNESS = ['--witness', fileWith('witness.pub', witnessKey)];
const SINCE = ['--since', fileWith('kept.txt', `${log.noteOf(24)}\n`)];

it('says a line for each part and a sentence, and ends with 0', async () => {
  const { code, out, err } = await verify(bundle, ...KEY, ...WITNESS, ...SINCE);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.map((line) => line.replace(/[0-9a-f]{64}|[\w+/]{43}=/, 'HASH'))).toEqual([
    'bytes        proved      entry 5 of tenant tenant-a: 145 bytes, leaf hash HASH',
    'tree         proved      the hashes lead from leaf 4 to the root of 40 leaves, HASH',
    `checkpoint   proved      signed by the log played.example/audit/tenant-a, key ${log.key.split('+')[1]}`,
    'witnesses    proved      cosigned by witness.example/w1 at 2025-11-24T16:00:00.000Z',
    'consistency  proved      the first 24 of 40 leaves are those of the older checkpoint',
    'immudb       not proved  not part of the bundle',
    'Proved: the entry is in the log, at its place and as it was sealed. Not proved: immudb.',
  ]);
});

it('proves the copy in immudb by the key of its server, and refuses it by that of another one', async () => {
  const server = playedServer();
  const copied = { ...bundle, immudb: server.copyOf('tenant-a', 5, log.textAt(5)) };
  const immudbKey = fileWith('server.pem', server.pem);
  const { code, out } = await verify(copied, ...KEY, '--immudb-key', immudbKey);
  expect([code, out[5]]).toEqual([
    0,
    expect.stringMatching(/^immudb +proved +in transaction 41 of database ledger/),
  ]);
  const another = fileWith('another.pem', playedServer().pem);
  expect((await verify(copied, ...KEY, '--immudb-key', another)).code).toBe(6);
  expect((await verify(bundle, ...KEY, '--immudb-key', immudbKey)).code).toBe(6);
  expect((await verify(copied, ...KEY)).out[5]).toMatch(/^immudb +not proved/);
});

it('takes the key alone, and says what is then not proved', async () => {
  const { code, out } = await verify(bundle, ...KEY);
  expect(code).toBe(0);
  expect(out.at(-1)).toContain('Not proved: witnesses, consistency, immudb.');
});

it('reads standard input for -, and tells a program with --json', async () => {
  const { code, out } = await run(['-', ...KEY, '--json'], JSON.stringify(bundle, null, 2));
  expect(code).toBe(0);
  expect(out.map((line): unknown => JSON.parse(line))).toMatchObject([
    { isProved: true, tree: { proved: { index: 4, size: 40 } }, immudb: { unproved: 'not_in_bundle' } },
  ]);
});

it.each([
  ['a field that was changed', { ...bundle, entry: { ...bundle.entry, version: 2 } }, 'tree'],
  [
    'the checkpoint of another tenant',
    { ...bundle, tlogProof: log.proofOf(5, 40, other.noteOf(40)) },
    'checkpoint',
  ],
  ['the path of a longer tree', { ...bundle, tlogProof: log.proofOf(5, 40, log.noteOf(39)) }, 'tree'],
  ['a field that nobody checks', { ...bundle, remark: 'paid' }, 'bytes'],
  ['half of it', JSON.stringify(bundle).slice(0, 900), 'bytes'],
  ['nothing', '', 'bytes'],
])('refuses %s with 6, and says which part and why', async (_, forged, part) => {
  const { code, out, err } = await verify(forged, ...KEY);
  expect({ code, err }).toEqual({ code: 6, err: '' });
  expect(out.find((line) => line.startsWith(part))).toMatch(/^\w+ +refused +\w+/);
  expect(out.at(-1)).toMatch(/^Refused: /);
});

it('refuses by a witness that has not seen it, and by a checkpoint that does not lead here', async () => {
  const unseen = fileWith('unseen.pub', otherWitnessKey);
  expect((await verify(bundle, ...KEY, '--witness', unseen)).code).toBe(6);
  const elsewhere = fileWith('elsewhere.txt', other.noteOf(24));
  expect((await verify(bundle, ...KEY, '--since', elsewhere)).code).toBe(6);
  const { consistency: _, ...without } = bundle;
  const { code, out } = await verify(without, ...KEY, ...SINCE, '--json');
  expect(code).toBe(6);
  expect(JSON.parse(out[0] ?? '')).toMatchObject({ consistency: { rejected: 'no_consistency' } });
});

it.each([
  ['no key', [], 'required option'],
  ['a key file that is not there', ['--key', '/nonexistent/audit.pub'], 'cannot be read'],
  ['a key file without a key', ['--key', fileWith('empty.pub', '# none\n')], 'holds no key'],
  ['a line that is no key', ['--key', fileWith('bad.pub', `${log.key}\nkey\n`)], 'line 2: malformed key'],
  ['the key of a witness', ['--key', fileWith('w.pub', witnessKey)], 'line 1: other kind of key'],
  ['a key of immudb that is none', [...KEY, '--immudb-key', fileWith('no.pem', log.key)], 'holds no key'],
  ['a checkpoint that is not there', [...KEY, '--since', '/nonexistent/kept'], 'cannot be read'],
])('says with 2 that it was asked wrongly: %s', async (_, args, words) => {
  const { code, err } = await verify(bundle, ...args);
  expect(code).toBe(2);
  expect(err).toContain(words);
});

it('says with 2 that the bundle cannot be read', async () => {
  expect(await run([join(folder, 'nowhere.json'), ...KEY])).toMatchObject({ code: 2 });
});

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

function verify(value: unknown, ...args: readonly string[]) {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return run([fileWith('bundle.json', text), ...args]);
}

/** The command as a person starts it: its exit code, the lines it printed, and what it complained of. */
async function run(args: readonly string[], input = '') {
  return await new Promise<{ code: number; out: string[]; err: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', MAIN, 'verify', ...args],
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out: linesOf(out), err }),
    );
    child.stdin?.end(input);
  });
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
