import { type Checkpoint, formatKey, type LogKey, verifyCheckpoint } from '@ironforge/audit-log';
import type { Finding } from './finding.ts';
import type { KeyInForce } from './key-changes.ts';
import type { CheckpointRow } from './log-reader.ts';

/** What a stored checkpoint says when it is signed and stands where it says; null when nobody needs to believe it. */
export interface CheckedCheckpoint {
  readonly root: Uint8Array | null;
  /** The verifier key that it is signed by; null for one that nobody needs to believe. */
  readonly signedBy: string | null;
  readonly findings: readonly Finding[];
}

/** By what a checkpoint is checked: the keys that are trusted, the one of them that the log is signed by there, the one before it. */
export interface CheckpointCheck {
  readonly keys: readonly LogKey[];
  readonly inForce: KeyInForce;
  readonly previousSize: number;
}

/** Checks a stored checkpoint against the key of its part of the log and the checkpoint before it. */
export function checkCheckpoint({ size, note }: CheckpointRow, check: CheckpointCheck): CheckedCheckpoint {
  const checked = provedBy(note, check);
  if ('rejected' in checked) return forged(size, checked.rejected);
  const { checkpoint } = checked;
  if (checkpoint.size !== size) return forged(size, `is signed for ${checkpoint.size} entries`);
  const findings = missingBefore(checkpoint, check.previousSize);
  return { root: checkpoint.root, signedBy: checked.signedBy, findings };
}

function forged(size: number, detail: string): CheckedCheckpoint {
  const finding = { kind: 'checkpoint_forged', subject: `checkpoint ${size}`, detail } as const;
  return { root: null, signedBy: null, findings: [finding] };
}

type Proved = { readonly checkpoint: Checkpoint; readonly signedBy: string } | { readonly rejected: string };

/** A key counts in its part of the log alone: whoever stole one that was left can sign nothing that came after. */
function provedBy(signed: string, { keys, inForce }: CheckpointCheck): Proved {
  const taken = keys.filter((key) => inForce === null || formatKey(key) === inForce.key);
  const verdicts = taken.map((logKey) => provedByKey(signed, logKey));
  const proved = verdicts.find((verdict) => 'checkpoint' in verdict);
  if (proved !== undefined) return proved;
  if (taken.length === 0 && inForce !== null)
    return { rejected: `must be signed by ${inForce.key}, which is none of the given keys` };
  const isByAnother = keys.some((logKey) => 'checkpoint' in provedByKey(signed, logKey));
  if (isByAnother && inForce !== null)
    return {
      rejected: `is signed by another of the given keys than the log's from entry ${inForce.since} on`,
    };
  return verdicts[0] ?? { rejected: 'no key was given' };
}

function provedByKey(signed: string, logKey: LogKey): Proved {
  const verdict = verifyCheckpoint({ signed, logKey, witnessKeys: [] });
  return 'rejected' in verdict ? verdict : { checkpoint: verdict.checkpoint, signedBy: formatKey(logKey) };
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
