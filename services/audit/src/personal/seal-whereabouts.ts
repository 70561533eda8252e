import { appError, INTERNAL_ROUTES, type PersonalItem, type SealedPersonal } from '@ironforge/contracts';
import { assert, hasCode, present } from '@ironforge/kernel';
import type { CallInternal } from '@ironforge/service-kit';
import canonicalize from 'canonicalize';
import type { Entry, OpenEntry, Whereabouts } from '../entry/entry.ts';
import { placeOf } from './place-of.ts';

/** Seals what is personal in entries. Throws `dependency_down` while identity is away. */
export type SealEntries = (entries: readonly OpenEntry[]) => Promise<Entry[]>;

/** Makes what has identity encrypt from where people acted: one call for two hundred of them, none when nobody asked for any. */
export function createSeal(call: CallInternal): SealEntries {
  return async (entries) => {
    const items = entries.flatMap(itemOf);
    const sealed = (await Promise.all(pieces(items).map((piece) => sealItems(call, piece)))).flat();
    const byEvent = new Map(items.map(({ place }, index) => [place.row, sealed[index] ?? null]));
    return entries.map(({ whereabouts: _open, ...entry }) => ({
      ...entry,
      personal: byEvent.get(entry.eventId) ?? null,
    }));
  };
}

/** What `sealPersonal` takes at once. */
const MOST_ITEMS = 200;

function pieces(items: readonly PersonalItem[]): PersonalItem[][] {
  const count = Math.ceil(items.length / MOST_ITEMS);
  return Array.from({ length: count }, (_, n) => items.slice(n * MOST_ITEMS, (n + 1) * MOST_ITEMS));
}

async function sealItems(
  call: CallInternal,
  items: readonly PersonalItem[],
): Promise<(SealedPersonal | null)[]> {
  const { sealed } = await call(INTERNAL_ROUTES.sealPersonal, { body: { items: [...items] } }).catch(explain);
  assert(sealed.length === items.length, 'every item has its answer');
  return sealed;
}

/** Whatever keeps identity from encrypting, a wrong clock too, ends some time; an item that it cannot take stays one. */
function explain(error: unknown): never {
  if (hasCode(error, 'validation_failed')) throw error;
  throw appError('dependency_down', { detail: 'identity does not encrypt', retry: 'later', cause: error });
}

function itemOf(entry: OpenEntry): PersonalItem[] {
  if (entry.whereabouts === null) return [];
  const { tenantId, actorType: type, actorId: id } = entry;
  const occurredAt = entry.occurredAt.toISOString();
  const text = textOf(entry.whereabouts);
  return [{ tenantId, actor: { type, id }, occurredAt, place: placeOf(entry.eventId), text }];
}

/** Canonical JSON (RFC 8785). */
function textOf({ clientIp, userAgent }: Whereabouts): string {
  return present(canonicalize({ clientIp, userAgent }), 'canonical form of whereabouts');
}
