import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendLeaves, checkpointKey, entryKey, leafHash, tileKey, tileMap } from '@ironforge/audit-log';
import { createImmudb, ensureDatabase, type LedgerState, type StatePort } from '@ironforge/immudb';
import { present } from '@ironforge/kernel';
import { createTestImmudb, hasImmudb, newSigningKey, startImmudb, type TestImmudb } from '@ironforge/testing';
import { describe, expect, it } from 'vitest';
import { type CopyCheck, checkCopy } from './check-copy.ts';
import { checkUnnoted } from './check-unnoted.ts';
import type { CopyRow } from './log-reader.ts';

const TENANT = '0a000000-0000-4000-8000-000000000001';
const SIZES = [300, 310, 500];
const leaves = Array.from({ length: 500 }, (_, at) => leafHash(Buffer.from(`text ${at + 1}`)));
const tiles = tileMap(appendLeaves({ size: 0, leafHashes: leaves }, new Map()));
const noteOf = (size: number) => `note of ${size}`;

const leafOf = (number: number) => Buffer.from(present(leaves[number - 1], 'a leaf'));

/** What an honest installation writes of an entry. */
const valueOf = (number: number) => Buffer.concat([leafOf(number), Buffer.from('a cipher and its tag')]);

const keyOf = (number: number) => entryKey(TENANT, BigInt(number));

const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

const entryOf = (number: number, value = valueOf(number)) => ({
  key: Buffer.from(keyOf(number)),
  value,
});

const checkpointOf = (size: number) => ({
  key: Buffer.from(checkpointKey(TENANT, BigInt(size))),
  value: Buffer.from(noteOf(size)),
});

type Entry = ReturnType<typeof entryOf>;

/** Writes the log in three batches, each as `change` would have it, and gives what is noted of them. */
async function copyInto(immudb: TestImmudb, change: (batch: Entry[]) => Entry[] = (batch) => batch) {
  const states = inMemory();
  await using client = createImmudb({ ...immudb, states });
  const rows: CopyRow[] = [];
  for (const [at, size] of SIZES.entries()) {
    const first = (SIZES[at - 1] ?? 0) + 1;
    const batch = change([...from(first, size).map((number) => entryOf(number)), checkpointOf(size)]);
    const written = await client.setBatch(batch);
    if ('refused' in written) throw new Error(written.refused.detail);
    const { txId: tx_id, txHash: tx_hash } = present(written.verified.at(-1), 'a transaction');
    rows.push({ size, tx_id, tx_hash });
  }
  return { rows, kept: await states.load() };
}

interface Scene {
  readonly immudb: TestImmudb;
  readonly rows: readonly CopyRow[];
  readonly kept: LedgerState | null;
  readonly since?: number;
  /** Where the log ends, as of when it is read, and as of later. */
  readonly sealed?: number;
  readonly sealedLater?: number;
}

async function findingsIn({
  immudb,
  rows,
  kept,
  since = 0,
  sealed = 500,
  ...later
}: Scene): Promise<string[]> {
  await using client = createImmudb({ ...immudb, states: inMemory(kept) });
  const reader: CopyCheck['reader'] = {
    copies: async () => [...rows],
    checkpoints: async ({ after, upTo }) =>
      SIZES.filter((size) => size > after && size <= upTo).map((size) => ({ size, note: noteOf(size) })),
    tiles: async (places) =>
      tileMap(
        places.flatMap((place) => ({ ...place, bytes: tiles.get(tileKey(place)) ?? new Uint8Array() })),
      ),
  };
  const extent = { sealed, sealedNow: async () => later.sealedLater ?? sealed };
  const check = { reader, immudb: client, tenantId: TENANT, database: immudb.database, since, ...extent };
  const { findings } = await checkCopy({ ...check, onProgress: () => undefined });
  return findings.map(({ kind, subject, detail }) => `${kind} ${subject}: ${detail}`);
}

function inMemory(first: LedgerState | null = null): StatePort {
  let state = first;
  return {
    load: async () => state,
    save: async (next) => {
      state = next;
      return true;
    },
  };
}

describe.skipIf(!hasImmudb())('the copy of a log', () => {
  it('that is whole has no finding, from a kept checkpoint on neither', async () => {
    const immudb = await createTestImmudb();
    const copy = await copyInto(immudb);
    expect(await findingsIn({ immudb, ...copy })).toEqual([]);
    expect(await findingsIn({ immudb, ...copy, since: 305 })).toEqual([]);
    expect(await findingsIn({ immudb, ...copy, kept: null })).toEqual([]);
  });

  it('may be texts of an older release, leaf hashes alone, and a batch in two transactions', async () => {
    const immudb = await createTestImmudb();
    const first = createImmudb({ ...immudb, states: inMemory() });
    await first.setBatch([entryOf(1), entryOf(2)]);
    await first.close();
    const copy = await copyInto(immudb, (batch) =>
      batch.map((entry, at) => {
        if (entry.key.toString() === entryKey(TENANT, 305n)) return entryOf(305, Buffer.from('text 305'));
        return at === 7 && entry.value.length > 40 ? { ...entry, value: entry.value.subarray(0, 32) } : entry;
      }),
    );
    expect(await findingsIn({ immudb, ...copy })).toEqual([]);
  });

  it.each([
    ['another value', (entry: Entry) => [{ ...entry, value: valueOf(9) }], 'copy_differs'],
    [
      'a value that is cut',
      (entry: Entry) => [{ ...entry, value: entry.value.subarray(0, Math.min(31, entry.value.length - 1)) }],
      'copy_differs',
    ],
    ['nothing', () => [], 'copy_missing'],
  ])('with %s for an entry or a checkpoint names it', async (_what, other, kind) => {
    const immudb = await createTestImmudb();
    const spoilt = [entryKey(TENANT, 4n), entryKey(TENANT, 310n), checkpointKey(TENANT, 500n)];
    const copy = await copyInto(immudb, (batch) =>
      batch.flatMap((entry) => (spoilt.includes(entry.key.toString()) ? other(entry) : [entry])),
    );
    const found = await findingsIn({ immudb, ...copy });
    expect(found.map((line) => line.split(':')[0])).toEqual([
      `${kind} entry 4`,
      `${kind} entry 310`,
      `${kind} checkpoint 500`,
    ]);
  });

  it('names what the log no longer has, also where the notes of its copy were rolled back with it', async () => {
    const immudb = await createTestImmudb();
    const { rows, kept } = await copyInto(immudb);
    const why = 'copied to immudb, and the log ends at 310';
    const noted = { immudb, rows, kept, sealed: 310 };
    expect(await findingsIn(noted)).toEqual([`history_rewritten entries 311 to 500: ${why}`]);
    expect(await findingsIn({ ...noted, since: 300 })).toEqual([
      `history_rewritten entries 311 to 500: ${why}`,
    ]);
    const forgotten = { ...noted, rows: rows.slice(0, 2) };
    expect(await findingsIn(forgotten)).toEqual([`history_rewritten entry 311: ${why}`]);
    expect(await findingsIn({ ...forgotten, rows: [], sealed: 0 })).toEqual([
      'history_rewritten entry 1: copied to immudb, and the log ends at 0',
    ]);
  });

  it('that goes on while it is read has no finding, and one when it was longer than it is by then', async () => {
    const immudb = await createTestImmudb();
    const { rows, kept } = await copyInto(immudb);
    const before = { immudb, rows: rows.slice(0, 2), kept, sealed: 310 };
    expect(await findingsIn({ ...before, sealedLater: 500 })).toEqual([]);
    expect(await findingsIn({ ...before, sealedLater: 400 })).toEqual([
      'history_rewritten entry 401: copied to immudb, and the log ends at 400',
    ]);
  });

  it('of which no note is left, and whose log went on otherwise after it was rolled back, is told run by run', async () => {
    const immudb = await createTestImmudb();
    const former = new Map(
      [...from(250, 260), 313, ...from(315, 320)].map((n) => [keyOf(n), valueOf(n + 1)]),
    );
    const absent = [...from(321, 500).map(keyOf), checkpointKey(TENANT, 500n)];
    const { rows, kept } = await copyInto(immudb, (batch) =>
      batch
        .filter(({ key }) => !absent.includes(key.toString()))
        .map(({ key, value }) => ({ key, value: former.get(key.toString()) ?? value })),
    );
    const why = 'copied to immudb otherwise than the log has it, and the note of that is gone';
    const behind310 = [`history_rewritten entry 313: ${why}`, `history_rewritten entries 315 to 320: ${why}`];
    expect(await findingsIn({ immudb, kept, rows: [] })).toEqual([
      `history_rewritten entries 250 to 260: ${why}`,
      ...behind310,
    ]);
    const noted = { immudb, kept, rows: rows.slice(1, 2), since: 310 };
    expect(await findingsIn(noted)).toEqual(behind310);
    expect(await findingsIn({ ...noted, since: 500 })).toEqual(behind310);
  });

  it('of which the newest notes are not there yet has no finding, nor has what the tree as read has not', async () => {
    const immudb = await createTestImmudb();
    const { rows } = await copyInto(immudb);
    const states = inMemory();
    await using later = createImmudb({ ...immudb, states });
    await later.setBatch(from(501, 505).map((number) => entryOf(number, valueOf(1))));
    const lagging = { immudb, rows: rows.slice(0, 2), kept: await states.load() };
    expect(await findingsIn({ ...lagging, sealed: 510 })).toEqual([]);
  });

  it('that no note speaks of is refused by name where the answer is not believed', async () => {
    const immudb = await createTestImmudb();
    const { kept } = await copyInto(immudb);
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const serverPublicKey = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await using strange = createImmudb({ ...immudb, serverPublicKey, states: inMemory(kept) });
    const check = { immudb: strange, tenantId: TENANT, reader: { tiles: async () => tiles }, sealed: 500 };
    expect(await checkUnnoted({ ...check, onProgress: () => undefined }, 310)).toEqual([
      expect.objectContaining({ kind: 'copy_refused', subject: 'entry 311' }),
    ]);
  });

  it('noted under another hash, or under another transaction, is told', async () => {
    const immudb = await createTestImmudb();
    const { rows, kept } = await copyInto(immudb);
    const [a, b, c] = rows;
    if (a === undefined || b === undefined || c === undefined) throw new Error('three rows');
    const other = [a, { ...b, tx_hash: '0'.repeat(64) }, c];
    expect(await findingsIn({ immudb, rows: other, kept })).toEqual([
      expect.stringMatching(/^copy_differs entries 301 to 310: transaction \d+ is another/),
    ]);
  });

  it('on another server, or one that was restored from before, is refused', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ironforge-copy-'));
    const [signingKey, database] = [newSigningKey(), 'ledger'];
    const dir = join(folder, 'server');
    try {
      const server = await startImmudb({ dir, signingKey });
      await ensureDatabase(server, database);
      const immudb = { ...server, database };
      const before = createImmudb({ ...immudb, states: inMemory() });
      await before.setBatch([entryOf(600, Buffer.from('earlier'))]);
      await before.close();
      await server[Symbol.asyncDispose]();
      cpSync(dir, join(folder, 'older'), { recursive: true });
      const again = await startImmudb({ dir, signingKey });
      const copy = await copyInto({ ...again, database });
      await again[Symbol.asyncDispose]();
      await using older = await startImmudb({ dir: join(folder, 'older'), signingKey });
      expect(await findingsIn({ immudb: { ...older, database }, ...copy })).toEqual([
        expect.stringMatching(/^copy_refused database ledger: the server knows less than it once proved/),
      ]);
      await using other = await startImmudb({ dir: join(folder, 'other'), signingKey });
      await ensureDatabase(other, database);
      expect(await findingsIn({ immudb: { ...other, database }, ...copy })).toEqual([
        expect.stringMatching(/^copy_refused database ledger: this is another server/),
      ]);
      const strange = await startImmudb({ dir, signingKey: newSigningKey() });
      await using _strange = strange;
      const pinned = { ...strange, database, serverPublicKey: immudb.serverPublicKey };
      expect(await findingsIn({ immudb: pinned, ...copy })).toEqual([
        expect.stringMatching(/^copy_refused database ledger: the state is not signed by the pinned key/),
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
