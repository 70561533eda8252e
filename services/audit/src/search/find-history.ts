import type { HistoryKind } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import { z } from 'zod';
import type { ShownEntry } from '../queries/audit-entries.ts';
import { findHistory, findKeysOf, findNewestDetails } from '../queries/entry-history.ts';
import type { Span } from '../queries/entry-search.ts';

/** Whose history, and which page of it. */
export interface HistoryQuery {
  readonly kind: HistoryKind;
  readonly id: string;
  readonly span: Span;
  readonly limit: number;
}

/** A page of a history, and what the resource was at its end; null before the log told of it. */
export interface History {
  readonly rows: readonly ShownEntry[];
  readonly state: Readonly<Record<string, unknown>> | null;
}

/** The entries about a resource, those by a user and by his API keys too; undefined when the log knows nothing of it to this day. */
export async function historyOf(
  store: Store,
  tenantId: TenantId,
  query: HistoryQuery,
): Promise<History | undefined> {
  const { kind, id, span } = query;
  const scope = store.forTenant(tenantId);
  const keys = kind === 'user' ? await scope.read((tx) => findKeysOf(tx, tenantId, id)) : [];
  const page = { ...query, actorIds: kind === 'user' ? [id, ...keys] : [] };
  const anyTime = { ...page, span: { after: 0n, upTo: TO_THIS_DAY }, limit: 1 };
  const [rows, known, details] = await scope.read((tx) =>
    Promise.all([
      findHistory(tx, tenantId, page),
      findHistory(tx, tenantId, anyTime),
      findNewestDetails(tx, tenantId, { kind, id, upTo: span.upTo }),
    ]),
  );
  if (known.length === 0) return undefined;
  return { rows, state: Record.safeParse(Record.safeParse(details).data?.[STATE_FIELDS[kind]]).data ?? null };
}

const TO_THIS_DAY = BigInt(Number.MAX_SAFE_INTEGER);

/** Where the details of an entry tell the resource. */
const STATE_FIELDS: Readonly<Record<HistoryKind, string>> = {
  user: 'user',
  wallet: 'wallet',
  tx_request: 'request',
  api_key: 'apiKey',
  address: 'entry',
  policy: 'policy',
  change: 'change',
  tenant: 'tenant',
};

const Record = z.record(z.string(), z.unknown());
