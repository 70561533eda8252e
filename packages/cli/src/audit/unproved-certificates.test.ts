import { formatKey, keyOf, type LogSigner, TILE_WIDTH } from '@ironforge/audit-log';
import { describe, expect, it } from 'vitest';
import { checkLog } from './check-log.ts';
import {
  certificateOf,
  checkpointsOf,
  otherSigner,
  type PlayedLog,
  playedSigner,
  readerOf,
  textsOf,
  tilesOf,
} from './played-log.fixture.ts';
import { type EntryRange, rangeOfLog } from './range-of-log.ts';

const SIGNERS = new Map([5, 10, 12].map((size) => [size, playedSigner]));
const plain = textsOf(12);
const certificate = certificateOf([3], plain);

/** Entry 3 was pruned, and entry 9 was sealed as the certificate of that. */
const pruned: PlayedLog = {
  texts: textsOf(12, new Map([[9, certificate]])),
  signers: SIGNERS,
  deleted: [3],
};

/** Entry 3 was deleted by hand, and the certificate written over entry 9, which was sealed as something else. */
const forged: PlayedLog = {
  texts: plain,
  signers: SIGNERS,
  deleted: [3],
  overwritten: new Map([[9, certificate]]),
};

const REFUSED = ['entry_missing entry 3', 'certificate_refused entry 9'];

interface Asked extends Partial<EntryRange> {
  readonly keys?: readonly LogSigner[];
}

/** What is found in a part of a log; its columns are not played. */
async function findingsIn(log: PlayedLog, { from, to, keys = [playedSigner] }: Asked): Promise<string[]> {
  const logKeys = keys.map(keyOf);
  const part = await rangeOfLog(readerOf(log), { from, to }, logKeys);
  const { findings } = await checkLog({ ...part, keys: logKeys, onProgress: () => undefined });
  return findings
    .filter(({ kind }) => kind !== 'columns_differ')
    .map(({ kind, subject }) => `${kind} ${subject}`);
}

describe('a deletion certificate above the part of a log that is looked at', () => {
  it('explains what is gone when a signed checkpoint proves that it was sealed', async () => {
    expect(await findingsIn(pruned, { to: 5 })).toEqual([]);
    expect(await findingsIn(pruned, {})).toEqual([]);
  });

  it('does not count when it was written over another entry', async () => {
    expect(await findingsIn(forged, { from: 1, to: 5 })).toEqual(REFUSED);
    expect(await findingsIn({ ...forged, tiles: tilesOf(pruned.texts) }, { to: 5 })).toEqual(
      expect.arrayContaining(REFUSED),
    );
  });

  it('does not count where no checkpoint was sealed over it', async () => {
    const unsealed = { ...pruned, signers: new Map([[5, playedSigner]]) };
    expect(await findingsIn(unsealed, { to: 5 })).toEqual(REFUSED);
  });

  it('does not count either behind the last seal of a whole log, where its own text is all that it has', async () => {
    const unsealed = { ...pruned, signers: new Map([[5, playedSigner]]), sealed: 5 };
    expect(await findingsIn(unsealed, {})).toEqual(expect.arrayContaining(REFUSED));
  });

  it('is left alone when it covers nothing of that part', async () => {
    const elsewhere = { ...forged, deleted: [7], overwritten: new Map([[9, certificateOf([7], plain)]]) };
    expect(await findingsIn(elsewhere, { to: 5 })).toEqual([]);
    const before = { ...forged, deleted: [3], overwritten: new Map([[12, certificate]]) };
    expect(await findingsIn(before, { from: 6, to: 10 })).toEqual([]);
  });

  it('is proved by the next checkpoint where the newest is not to be believed', async () => {
    const signers = new Map([...SIGNERS, [12, otherSigner]]);
    expect(await findingsIn({ ...pruned, signers }, { to: 5 })).toEqual([]);
    const neither = new Map([...signers, [10, otherSigner]]);
    expect(await findingsIn({ ...pruned, signers: neither }, { to: 5 })).toEqual(REFUSED);
    expect(
      await findingsIn({ ...pruned, signers: neither }, { to: 5, keys: [playedSigner, otherSigner] }),
    ).toEqual([]);
  });

  it('does not count where the tiles that would prove it are gone', async () => {
    const texts = textsOf(600, new Map([[550, certificate]]));
    const signers = new Map([TILE_WIDTH, 600].map((size) => [size, playedSigner]));
    const [whole, log] = [tilesOf(texts), { texts, signers, deleted: [3] }];
    expect(await findingsIn(log, { to: 5 })).toEqual([]);
    const tiles = new Map([...whole].filter(([key]) => key !== '0/2'));
    expect(await findingsIn({ ...log, tiles }, { to: 5 })).toEqual([
      'entry_missing entry 3',
      'certificate_refused entry 550',
    ]);
  });

  it('does not count by a checkpoint that a key has signed which the log had left by then', async () => {
    const details = { from: formatKey(keyOf(otherSigner)), to: formatKey(keyOf(playedSigner)) };
    const rotation = JSON.stringify({ type: 'audit_signing_key_rotated', details });
    const rotated = { ...forged, texts: textsOf(12, new Map([[4, rotation]])) };
    const keys = [playedSigner, otherSigner];
    expect(await findingsIn({ ...rotated, deleted: [], overwritten: new Map() }, { keys })).toEqual([]);
    const rewritten = textsOf(
      12,
      new Map([
        [4, rotation],
        [9, certificate],
      ]),
    );
    const stolen = new Map([...SIGNERS, [10, otherSigner], [12, otherSigner]]);
    const checkpoints = checkpointsOf(rewritten, stolen);
    const tiles = tilesOf(rewritten);
    expect(await findingsIn({ ...rotated, checkpoints, tiles }, { to: 5, keys })).toEqual(REFUSED);
  });
});
