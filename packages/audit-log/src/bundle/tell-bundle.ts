import { FLAW_TEXTS, UNPROVED_TEXTS } from './reasons.ts';
import type {
  BundleVerdict,
  Part,
  ProvedBytes,
  ProvedCheckpoint,
  ProvedCopy,
  ProvedGrowth,
  ProvedTree,
  ProvedWitnesses,
} from './verdict.ts';

/** One part of a verdict for people: its name, what became of it, and by whom or why. */
export interface ToldPart {
  readonly name: string;
  readonly state: 'proved' | 'refused' | 'not proved';
  readonly text: string;
}

/** A verdict for people: a line for each part, and a sentence over all. */
export interface ToldBundle {
  readonly parts: readonly ToldPart[];
  readonly sentence: string;
}

/** Says what was proved and by whom, what was refused and why, and what nobody proved. */
export function tellBundle(verdict: BundleVerdict): ToldBundle {
  const parts = [
    told('bytes', verdict.bytes, bytesText),
    told('tree', verdict.tree, treeText),
    told('checkpoint', verdict.checkpoint, checkpointText),
    told('witnesses', verdict.witnesses, witnessesText),
    told('consistency', verdict.consistency, growthText),
    told('immudb', verdict.immudb, copyText),
  ];
  return { parts, sentence: verdict.isProved ? provedSentence(parts) : refusedSentence(parts) };
}

function told<Proof>(name: string, part: Part<Proof>, textOf: (proof: Proof) => string): ToldPart {
  if ('proved' in part) return { name, state: 'proved', text: textOf(part.proved) };
  if ('rejected' in part) return { name, state: 'refused', text: FLAW_TEXTS[part.rejected] };
  return { name, state: 'not proved', text: UNPROVED_TEXTS[part.unproved] };
}

function bytesText({ tenantId, sequence, lengthBytes, leafHashHex }: ProvedBytes): string {
  return `entry ${sequence} of tenant ${tenantId}: ${lengthBytes} bytes, leaf hash ${leafHashHex}`;
}

function treeText({ index, size, rootBase64 }: ProvedTree): string {
  return `the hashes lead from leaf ${index} to the root of ${size} leaves, ${rootBase64}`;
}

/** Which log signed, by which key. */
export function checkpointText({ origin, keyId }: ProvedCheckpoint): string {
  return `signed by the log ${origin}, key ${keyId}`;
}

/** Which witnesses saw it and when, and which did not. */
export function witnessesText({ cosigned, silent }: ProvedWitnesses): string {
  const seen = cosigned.map(({ name, timeSeconds }) => `${name} at ${timeText(timeSeconds)}`);
  const unseen = silent.length === 0 ? '' : `; not by ${silent.join(', ')}`;
  return `cosigned by ${seen.join(', ')}${unseen}`;
}

const MAX_DATE_SECONDS = 8_640_000_000_000;

function timeText(seconds: number): string {
  return seconds > MAX_DATE_SECONDS ? `${seconds} s after 1970` : new Date(seconds * 1_000).toISOString();
}

function growthText({ from, to }: ProvedGrowth): string {
  return from === to
    ? `the same ${to} leaves as in the older checkpoint`
    : `the first ${from} of ${to} leaves are those of the older checkpoint`;
}

function copyText({ serverKeyId, database, txId }: ProvedCopy): string {
  return `in transaction ${txId} of database ${database}, whose state the server with key ${serverKeyId} signed`;
}

function provedSentence(parts: readonly ToldPart[]): string {
  const open = namesOf(parts, 'not proved');
  const rest = open === '' ? '' : ` Not proved: ${open}.`;
  return `Proved: the entry is in the log, at its place and as it was sealed.${rest}`;
}

function refusedSentence(parts: readonly ToldPart[]): string {
  return `Refused: ${namesOf(parts, 'refused')}. This bundle does not prove what it is to prove.`;
}

function namesOf(parts: readonly ToldPart[], state: ToldPart['state']): string {
  return parts
    .filter((part) => part.state === state)
    .map(({ name }) => name)
    .join(', ');
}
