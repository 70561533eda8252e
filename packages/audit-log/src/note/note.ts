import { assert } from '@ironforge/kernel';
import { isPlainText, textOf } from '../text/lines.ts';
import {
  formatSignature,
  type NoteSignature,
  parseSignatures,
  type SignaturesFlaw,
} from './signature-line.ts';

/** A text that ends in a newline, and who is said to have signed it; nothing of it is proved before `verifyNote` took it. */
export interface SignedNote {
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A note taken apart, or why the text is none. */
export type NoteParse =
  | { readonly note: SignedNote }
  | { readonly rejected: 'malformed_text' | SignaturesFlaw };

/** Takes a signed note apart at its last empty line (C2SP signed-note, Format); never throws. */
export function parseNote(signed: string): NoteParse {
  const at = signed.lastIndexOf('\n\n');
  if (at < 0 || !isPlainText(signed)) return { rejected: 'malformed_text' };
  const parsed = parseSignatures(signed.slice(at + 2));
  if ('rejected' in parsed) return parsed;
  return { note: { text: signed.slice(0, at + 1), signatures: parsed.signatures } };
}

/** The note as one text: its text, an empty line, its signatures (C2SP signed-note, Format). */
export function formatNote({ text, signatures }: SignedNote): string {
  const signed = `${text}\n${textOf(signatures.map(formatSignature))}`;
  assert(isNoteText(text) && 'note' in parseNote(signed), 'a note has a text and 1 to 16 signatures');
  return signed;
}

/** True for a text that can be signed: it ends in a newline and has no control characters (C2SP signed-note, Format). */
export function isNoteText(text: string): boolean {
  return text.endsWith('\n') && isPlainText(text);
}
