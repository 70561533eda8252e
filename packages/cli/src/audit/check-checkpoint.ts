import { type Checkpoint, type LogKey, verifyCheckpoint } from '@ironforge/audit-log';
import type { Finding } from './finding.ts';
import type { CheckpointRow } from './log-reader.ts';

/** What a stored checkpoint says when it is signed and stands where it says; null when nobody needs to believe it. */
export interface CheckedCheckpoint {
  readonly root: Uint8Array | null;
  readonly findings: readonly Finding[];
}

/** Checks a stored checkpoint against the keys of the log and the one before it. */
export function checkCheckpoint(
  { size, note }: CheckpointRow,
  keys: readonly LogKey[],
  previousSize: number,
): CheckedCheckpoint {
  const subject = `checkpoint ${size}`;
  const checked = firstProved(note, keys);
  if ('rejected' in checked)
    return { root: null, findings: [{ kind: 'checkpoint_forged', subject, detail: checked.rejected }] };
  const { checkpoint } = checked;
  if (checkpoint.size !== size) {
    const detail = `is signed for ${checkpoint.size} entries`;
    return { root: null, findings: [{ kind: 'checkpoint_forged', subject, detail }] };
  }
  return { root: checkpoint.root, findings: missingBefore(checkpoint, previousSize) };
}

/** While a key is rotated there are two of them. */
function firstProved(
  signed: string,
  keys: readonly LogKey[],
): { readonly checkpoint: Checkpoint } | { readonly rejected: string } {
  const verdicts = keys.map((logKey) => verifyCheckpoint({ signed, logKey, witnessKeys: [] }));
  return (
    verdicts.find((verdict) => 'checkpoint' in verdict) ?? verdicts[0] ?? { rejected: 'no key was given' }
  );
}

/** Each checkpoint names the size of the one before it, so that none can be taken out. */
function missingBefore({ size, extensions }: Checkpoint, previousSize: number): Finding[] {
  const named = extensions
    .map((line) => /^previous (\d+)$/.exec(line)?.[1])
    .find((text) => text !== undefined);
  const previous = Number(named ?? 0);
  if (previous === previousSize) return [];
  const detail = `checkpoint ${size} was made after it`;
  return [{ kind: 'checkpoint_missing', subject: `checkpoint ${previous}`, detail }];
}
