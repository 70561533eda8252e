import {
  formatSignature,
  parseNote,
  parseSignatures,
  verifyNote,
  type WitnessKey,
} from '@ironforge/audit-log';

/** What a witness signed of a checkpoint, as a line of the note without its newline; null when nothing in its answer is that. */
export function cosignatureLine(note: string, answer: string, key: WitnessKey): string | null {
  const [signed, answered] = [parseNote(note), parseSignatures(answer)];
  if ('rejected' in signed || 'rejected' in answered) return null;
  const { text } = signed.note;
  const found = answered.signatures.find(
    (signature) => 'signedBy' in verifyNote({ text, signatures: [signature] }, [key]),
  );
  return found === undefined ? null : formatSignature(found);
}
