import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logOf } from '../bundle/log.fixture.ts';
import { parseCheckpoint } from '../note/checkpoint.ts';
import { formatNote } from '../note/note.ts';
import { signNote } from '../note/sign-note.ts';
import { verifyCheckpoint } from '../note/verify-checkpoint.ts';
import { type ExportManifest, formatManifest, verifyManifest } from './manifest.ts';

const log = logOf('tenant-a', 7);
const count = fc.integer({ min: 0, max: 1_000 });

const manifests: fc.Arbitrary<ExportManifest> = fc
  .tuple(count, count, count, fc.constantFrom('jsonl' as const, 'csv' as const), fc.json())
  .map(([before, more, behind, format, filter]) => ({
    ...{ origin: log.signer.name, exportId: 'e1', format, filter },
    ...{ first: before + 1, last: before + more + 1, size: before + more + 1 + behind },
    ...{
      entries: more + 1,
      sizeBytes: more * 9,
      sha256Hex: 'ab'.repeat(32),
      root: new Uint8Array(32).fill(more),
    },
    ...{ createdAt: '2026-01-02T03:04:05.678Z', createdBy: 'user:u1' },
  }));

function signed(text: string): string {
  return formatNote({ text, signatures: [signNote(text, log.signer)] });
}

it('is read as it was signed', () => {
  fc.assert(
    fc.property(manifests, (manifest) => {
      expect(verifyManifest(signed(formatManifest(manifest)), [log.key])).toEqual({
        manifest,
        signedBy: log.key,
      });
    }),
  );
});

it('of a whole range says of as many entries as there are numbers, or counts for nothing', () => {
  fc.assert(
    fc.property(manifests, (manifest) => {
      const whole = { ...manifest, filter: '{}' };
      const fewer = { ...whole, entries: whole.entries - 1 };
      expect(verifyManifest(signed(formatManifest(whole)), [log.key])).toHaveProperty('manifest');
      expect(verifyManifest(signed(formatManifest(fewer)), [log.key])).toEqual({
        rejected: 'malformed_statement',
      });
    }),
  );
});

it('can be taken for no checkpoint, and no checkpoint for a manifest, whatever they say', () => {
  fc.assert(
    fc.property(manifests, (manifest) => {
      const text = formatManifest(manifest);
      expect(parseCheckpoint(text)).toEqual({ rejected: 'malformed_size' });
      const claim = { signed: signed(text), logKey: log.key, witnessKeys: [] };
      expect('rejected' in verifyCheckpoint(claim)).toBe(true);
    }),
  );
  expect(verifyManifest(log.noteOf(40), [log.key])).toEqual({ rejected: 'other_statement' });
});

it('is refused with a line left out, put in, or another one in its place', () => {
  const [example] = fc.sample(manifests, 1);
  const lines = example === undefined ? [] : formatManifest(example).trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(10);
  for (const at of lines.keys()) {
    const line = lines[at] ?? '';
    for (const forged of [lines.toSpliced(at, 1), lines.toSpliced(at, 0, line), lines.with(at, `x${line}`)])
      expect('rejected' in verifyManifest(signed(`${forged.join('\n')}\n`), [log.key])).toBe(true);
  }
});
