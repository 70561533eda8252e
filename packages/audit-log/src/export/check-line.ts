import { fieldsOf } from '../bundle/fields.ts';
import { canonicalOf } from '../text/canonical-of.ts';
import { entryInRecord, exportLine } from './export-text.ts';
import type { ExportManifest } from './manifest.ts';
import type { LineFlaw } from './verdict.ts';

/** What a line says of itself, and its entry as it was sealed. */
export interface CheckedLine {
  readonly canonical: string;
  readonly sequence: number;
}

/** Checks one line of an export, which is told without its line feed, by itself; never throws. */
export function checkLine(
  line: string,
  { format, origin }: Pick<ExportManifest, 'format' | 'origin'>,
): CheckedLine | { readonly rejected: LineFlaw } {
  const canonical = format === 'jsonl' ? line : entryInRecord(line.replace(/\r$/, ''));
  const value = canonical === null ? undefined : parsed(canonical);
  const fields = fieldsOf(value);
  if (canonical === null || fields === null) return { rejected: 'malformed_line' };
  if (canonicalOf(value) !== canonical) return { rejected: 'not_canonical' };
  if (exportLine(format, canonical) !== `${line}\n`) return { rejected: 'columns_differ' };
  if (fields.get('tenantId') !== origin.slice(origin.lastIndexOf('/') + 1))
    return { rejected: 'other_tenant' };
  const sequence = fields.get('sequence');
  return typeof sequence === 'number' && Number.isSafeInteger(sequence)
    ? { canonical, sequence }
    : { rejected: 'other_number' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
