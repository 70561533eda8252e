import { z } from 'zod';
import { landed, rush } from '../load/flight.ts';
import { untilSealed } from '../probe/audit-log.ts';
import { query, queryOne } from '../probe/database.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

const bytes = z.coerce.number();
const Sizes = z.object({
  entries: bytes,
  rows: bytes,
  words: bytes,
  indexes: bytes,
  tiles: bytes,
  checkpoints: bytes,
});
type Sizes = z.output<typeof Sizes>;

/** What an entry takes on disk, all in all and by its parts, of the entries of some transfers. No row: nobody said how much is too much. */
export async function auditBytes(stage: Stage): Promise<Found> {
  const crew = await stage.hire('P');
  await untilSealed(crew.tenant.id);
  const before = await sizes();
  await landed(stage.keep(await rush(crew, { assetId: crew.native, count: stage.options.transfers })));
  await untilSealed(crew.tenant.id);
  const after = await sizes();
  const entries = after.entries - before.entries;
  const each = (part: keyof Sizes) => (after[part] - before[part]) / entries;
  const [rows, words, other] = [each('rows'), each('words'), each('indexes') - each('words')];
  const [tiles, checkpoints] = [each('tiles'), each('checkpoints')];
  return {
    rows: {},
    notes: {
      'audit_bytes.entries': entries,
      'audit_bytes.each': rows + words + other + tiles + checkpoints,
      'audit_bytes.each.row': rows,
      'audit_bytes.each.index_of_words': words,
      'audit_bytes.each.other_indexes': other,
      'audit_bytes.each.tiles': tiles,
      'audit_bytes.each.checkpoints': checkpoints,
    },
  };
}

/** With what was left behind by changed rows given back, as far as the files let it go. */
async function sizes(): Promise<Sizes> {
  for (const table of ['audit_entries', 'audit_tiles', 'audit_checkpoints']) await query(VACUUM[table] ?? '');
  return await queryOne(Sizes, SIZES);
}

const VACUUM: Readonly<Record<string, string>> = {
  audit_entries: 'VACUUM audit_entries',
  audit_tiles: 'VACUUM audit_tiles',
  audit_checkpoints: 'VACUUM audit_checkpoints',
};
const SIZES = `
  SELECT (SELECT count(*) FROM audit_entries) AS entries, pg_table_size('audit_entries') AS rows,
    pg_relation_size('audit_entries_by_terms') AS words, pg_indexes_size('audit_entries') AS indexes,
    pg_total_relation_size('audit_tiles') AS tiles, pg_total_relation_size('audit_checkpoints') AS checkpoints`;
