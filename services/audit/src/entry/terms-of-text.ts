import { termsOf } from '@ironforge/audit-log';
import { parseJson } from '@ironforge/kernel';
import { z } from 'zod';

/** The words by which an entry is found, of its canonical text, so that a verifier tells the same ones. */
export function termsOfText(canonical: string): string[] {
  return termsOf(Entry.parse(parseJson(canonical)));
}

const Entry = z.record(z.string(), z.unknown());
