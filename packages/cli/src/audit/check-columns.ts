import { isDeepStrictEqual } from 'node:util';
import { termsOf } from '@ironforge/audit-log';
import { parseJson } from '@ironforge/kernel';
import { z } from 'zod';
import type { Finding } from './finding.ts';
import type { EntryRow } from './log-reader.ts';

const Text = z.record(z.string(), z.unknown());

/** The columns by which an entry is searched, its words too, say what its sealed text says, or it is named where they do not. */
export function checkColumns(row: EntryRow): Finding[] {
  const text = readText(row.canonical);
  if (text === null) return [differ(row, 'its text is no JSON object')];
  const said: Record<string, unknown> = { ...text, searchTerms: termsOf(text) };
  const columns = shownBy(row, text);
  const fields = new Set([...Object.keys(columns), ...Object.keys(said)]);
  const other = [...fields].filter((field) => !isDeepStrictEqual(columns[field], said[field]));
  return other.length === 0
    ? []
    : [differ(row, `the columns say otherwise than the sealed text: ${other.join(', ')}`)];
}

function readText(text: string): Record<string, unknown> | null {
  try {
    return Text.safeParse(parseJson(text)).data ?? null;
  } catch {
    return null;
  }
}

/** An entry by the names of its text (`services/audit/src/entry/canonical.ts`), and its words. */
function shownBy(row: EntryRow, said: object): Record<string, unknown> {
  return {
    version: 1,
    id: row.id,
    tenantId: row.tenant_id,
    sequence: row.sequence,
    eventId: row.event_id,
    type: row.type,
    resourceType: row.resource_type,
    resourceId: row.resource_id,
    action: row.action,
    status: row.status,
    actor: { type: row.actor_type, id: row.actor_id },
    requestId: row.request_id,
    chainId: row.chain_id,
    txHash: row.tx_hash,
    occurredAt: row.occurred_at.toISOString(),
    details: row.details,
    ...laterFields(row, said),
    searchTerms: row.search_terms,
  };
}

/** What entries did not have at first: a text from before says nothing of it, and then its column is empty, unless it is the aggregate. */
function laterFields({ authority, personal, ...row }: EntryRow, said: object): object {
  const fields = Object.entries({ authority, personal });
  const told = Object.fromEntries(fields.filter(([name, value]) => value !== null || name in said));
  return 'aggregate' in said ? { ...told, aggregate: placeOf(row) } : told;
}

function placeOf({
  aggregate: id,
  aggregate_version: version,
}: Pick<EntryRow, 'aggregate' | 'aggregate_version'>) {
  return version === 0 ? null : { id, version };
}

function differ({ sequence }: EntryRow, detail: string): Finding {
  return { kind: 'columns_differ', subject: `entry ${sequence}`, detail };
}
