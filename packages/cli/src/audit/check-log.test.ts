import { expect, it } from 'vitest';
import { checkLog } from './check-log.ts';
import type { LogReader } from './log-reader.ts';

/** A log of which nothing is left but the number of its entries. */
const emptied = (last: number): LogReader => ({
  entries: async () => [],
  checkpoints: async () => [],
  lastCheckpointBelow: async () => null,
  firstCheckpointFrom: async () => null,
  tiles: async () => new Map(),
  certificates: async () => [],
  copies: async () => [],
  copyState: async () => null,
  extent: async () => ({ last, sealed: last, unsealed_certificates: 0, has_tenant: true }),
  keyEntries: async () => [],
  versions: async () => new Map(),
});

it('of a log that is gone the first thousand entries are named, and how many more there are', async () => {
  const check = { reader: emptied(2_000), keys: [], since: null, onProgress: () => undefined };
  const { findings } = await checkLog(check);
  const gone = findings.filter(({ kind }) => kind === 'entry_missing');
  expect(gone).toHaveLength(1_001);
  expect([gone[0]?.subject, gone.at(-1)?.subject]).toEqual(['entry 1', '1000 more']);
});

it('names a log of which nothing is left at all, not even its numbers', async () => {
  const check = { reader: emptied(0), keys: [], since: null, onProgress: () => undefined };
  const { findings } = await checkLog(check);
  expect(findings.map(({ kind }) => kind)).toEqual(['log_missing']);
});
