import { createExportVerifier, type ExportVerdict, tellExport, type Trust } from '@ironforge/audit-log';
import { readInput, readPieces } from './read-input.ts';
import { linesOf } from './lines.ts';
import type { Verified } from './verified.ts';

/** Checks the file of an export by what came with it, piece by piece: the memory does not grow with the file. */
export async function verifyExport(
  file: string,
  manifest: string,
  trust: Trust,
): Promise<Verified<ExportVerdict>> {
  const verifier = createExportVerifier(await readInput(manifest), trust);
  for await (const piece of readPieces(file)) verifier.add(piece);
  const verdict = verifier.end();
  return { verdict, lines: linesOf(tellExport(verdict)) };
}
