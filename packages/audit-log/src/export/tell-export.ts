import { checkpointText, type ToldBundle, type ToldPart, witnessesText } from '../bundle/tell-bundle.ts';
import { EXPORT_FLAW_TEXTS, EXPORT_UNPROVED_TEXTS } from './reasons.ts';
import type {
  ExportPart,
  ExportVerdict,
  ProvedFile,
  ProvedLines,
  ProvedManifest,
  ProvedRange,
} from './verdict.ts';

/** Says of an export what was proved and by whom, what was refused and why, and what nobody proved. */
export function tellExport(verdict: ExportVerdict): ToldBundle {
  const parts = [
    told('manifest', verdict.manifest, manifestText),
    told('file', verdict.file, fileText),
    told('lines', verdict.lines, linesText),
    told('tree', verdict.tree, treeText),
    told('checkpoint', verdict.checkpoint, checkpointText),
    told('witnesses', verdict.witnesses, witnessesText),
  ];
  return { parts, sentence: sentenceOf(verdict, parts) };
}

function told<Proof>(name: string, part: ExportPart<Proof>, textOf: (proof: Proof) => string): ToldPart {
  if ('proved' in part) return { name, state: 'proved', text: textOf(part.proved) };
  if ('unproved' in part) return { name, state: 'not proved', text: EXPORT_UNPROVED_TEXTS[part.unproved] };
  const place = part.line === undefined ? '' : `line ${part.line}: `;
  return { name, state: 'refused', text: `${place}${EXPORT_FLAW_TEXTS[part.rejected]}` };
}

function manifestText({ exportId, origin, keyId, createdAt, createdBy, filter }: ProvedManifest): string {
  const chosen = filter === '{}' ? 'without a filter' : `filter ${filter}`;
  return `export ${exportId} of ${createdAt} for ${createdBy}, ${chosen}; signed by the log ${origin}, key ${keyId}`;
}

function fileText({ sizeBytes, sha256Hex }: ProvedFile): string {
  return `${sizeBytes} bytes, SHA-256 ${sha256Hex}`;
}

function linesText({ entries, tenantId }: ProvedLines): string {
  return `${entries} entries of tenant ${tenantId}, each in its one form, numbers ascending`;
}

function treeText({ first, last, size }: ProvedRange): string {
  return `these are all entries ${first} to ${last}, at their places under the root of ${size}`;
}

function sentenceOf(verdict: ExportVerdict, parts: readonly ToldPart[]): string {
  const names = (state: ToldPart['state']) =>
    parts.flatMap((part) => (part.state === state ? [part.name] : [])).join(', ');
  if (!verdict.isProved)
    return `Refused: ${names('refused')}. This export does not prove what it is to prove.`;
  const open = names('not proved') === '' ? '' : ` Not proved: ${names('not proved')}.`;
  if ('proved' in verdict.tree)
    return `Proved: nothing was left out, put in or changed between the first entry and the last.${open}`;
  return `Proved: this is the file that the log signed. That the filter left out nothing is the word of its key.${open}`;
}
