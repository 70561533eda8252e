import { expect, it } from 'vitest';
import { exitCodeOf } from '../trouble.ts';
import { checkpointsOf, playedSigner, readerOf, textsOf } from './played-log.fixture.ts';
import { refuseBeyond } from './refuse-beyond.ts';

const SIGNERS = new Map([20, 30].map((size) => [size, playedSigner]));
const WHOLE = { texts: textsOf(30), signers: SIGNERS };

it.each([
  ['the first entry', { from: 31, to: undefined }, '--from: the log of tenant-a ends at 30'],
  ['the last entry', { from: undefined, to: 31 }, '--to: the log of tenant-a ends at 30'],
  ['the last entry alone', { from: 5, to: 9_999 }, '--to: the log of tenant-a ends at 30'],
])('%s beyond the end is wrong usage, and is told where the log ends', async (_, range, told) => {
  const fault = await refuseBeyond(readerOf(WHOLE), range, 'tenant-a').catch((error: unknown) => error);
  expect([exitCodeOf(fault), fault]).toEqual([2, expect.objectContaining({ message: told })]);
});

it('takes the last entry, and whatever leaves an end open', async () => {
  for (const range of [
    { from: 30, to: 30 },
    { from: 30, to: undefined },
    { from: undefined, to: 1 },
  ])
    await expect(refuseBeyond(readerOf(WHOLE), range, 'tenant-a')).resolves.toBeUndefined();
});

it('takes an entry that is gone and that a checkpoint still covers: that is for the log to be found guilty of', async () => {
  const checkpoints = checkpointsOf(textsOf(30), SIGNERS);
  const cut = readerOf({ texts: textsOf(25), signers: SIGNERS, checkpoints });
  await expect(refuseBeyond(cut, { from: 28, to: 30 }, 'tenant-a')).resolves.toBeUndefined();
});
