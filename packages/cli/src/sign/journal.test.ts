import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openJournal } from './journal.ts';

const id = '11111111-1111-4111-8111-111111111111';
const first = { nonce: 5, txHash: '0xaa' };
let folder: string;

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'journal-'))));
afterEach(() => rmSync(folder, { recursive: true }));

it('gives what was noted first, also to another process and after a restart', async () => {
  const journal = openJournal(join(folder, 'signed'));
  expect(journal.find(id)).toBeNull();
  expect(await journal.note(id, first)).toEqual(first);
  expect(await journal.note(id, { nonce: 6, txHash: '0xbb' })).toEqual(first);
  expect(openJournal(join(folder, 'signed')).find(id)).toEqual(first);
});

it('keeps one of many that note a request at once, and leaves no draft behind', async () => {
  const journals = [openJournal(folder), openJournal(folder)];
  const notes = await Promise.all(
    Array.from({ length: 40 }, async (_, nonce) => {
      return await journals[nonce % 2]?.note(id, { nonce, txHash: `0x${nonce}` });
    }),
  );
  expect(new Set(notes.map((note) => note?.nonce)).size).toBe(1);
  expect(readdirSync(dirname(openJournal(folder).fileOf(id)))).toEqual([`${id}.json`]);
});

it('can be read by nobody else', async () => {
  const journal = openJournal(join(folder, 'signed'));
  await journal.note(id, first);
  expect(statSync(journal.fileOf(id)).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'signed')).mode & 0o777).toBe(0o700);
});

it.each(['', '{', '{"nonce":"5","txHash":"0x"}', '{"nonce":5}'])(
  'takes a note that says %j for no answer at all',
  async (text) => {
    const journal = openJournal(folder);
    await journal.note(id, first);
    writeFileSync(journal.fileOf(id), text);
    expect(() => journal.find(id)).toThrow(/cannot be read/);
  },
);

it('says what to do when its folder cannot be made', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => openJournal(join(folder, 'file', 'signed'))).toThrow(/--journal/);
});
