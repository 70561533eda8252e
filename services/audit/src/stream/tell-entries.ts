import type { TenantId } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import type { Heads } from '../follow/create-heads.ts';
import { findSealedSize } from '../queries/audit-sequencers.ts';
import { type EntryFilter, findEntries } from '../queries/entry-search.ts';
import { showEntry } from '../routes/show-entry.ts';

/** What a stream reads from. */
export interface TellDeps {
  readonly store: Store;
  readonly heads: Pick<Heads, 'beyond'>;
  /** At the latest so long after the last word comes another. */
  readonly heartbeatMs: number;
}

/** Whose entries are told, which of them, and after which number. */
export interface Wish {
  readonly tenantId: TenantId;
  readonly filter: Pick<EntryFilter, 'type' | 'resourceType'>;
  readonly after: bigint;
}

const PAGE = 100;
const RETRY_MS = 1_000;

/**
 * Tells sealed entries in their order, each once, as server-sent events whose id is the entry's number (WHATWG HTML, 9.2). A page is
 * read when the one before was taken, so a slow reader costs no memory. Whenever all is told a comment says up to which number,
 * and again after each silence of `heartbeatMs`. Ends when the reader hangs up.
 */
export async function* tellEntries(deps: TellDeps, wish: Wish, hungUp: AbortSignal): AsyncGenerator<string> {
  yield `retry: ${RETRY_MS}\n\n`;
  let { after } = wish;
  while (!hungUp.aborted) {
    const page = await readPage(deps.store, { ...wish, after });
    if (page.events.length > 0) yield page.events.join('');
    after = page.upTo;
    if (page.isMore) continue;
    yield `: at ${after}\n\n`;
    const pause = AbortSignal.any([hungUp, AbortSignal.timeout(deps.heartbeatMs)]);
    await deps.heads.beyond(wish.tenantId, after, pause);
  }
}

interface Page {
  readonly events: readonly string[];
  /** All entries up to this number were looked at. */
  readonly upTo: bigint;
  readonly isMore: boolean;
}

/** So many numbers are looked through at once, however few of their entries fit: a page never reads a whole log. */
const WINDOW = 20_000n;

async function readPage(store: Store, { tenantId, filter, after }: Wish): Promise<Page> {
  const end = after + WINDOW;
  const search = { filter, terms: [], span: { after, upTo: end }, limit: PAGE };
  const [size, rows] = await store
    .forTenant(tenantId)
    .read((tx) => Promise.all([findSealedSize(tx, tenantId), findEntries(tx, tenantId, search)]));
  const sealed = rows.filter(({ sequence }) => sequence !== null && sequence <= size);
  const lookedAt = end < size ? end : size;
  const upTo = rows.length === PAGE ? (sealed.at(-1)?.sequence ?? after) : lookedAt;
  const events = sealed.map((row) => `id: ${row.sequence}\ndata: ${JSON.stringify(showEntry(row))}\n\n`);
  return { events, upTo: upTo > after ? upTo : after, isMore: upTo > after && upTo < size };
}
