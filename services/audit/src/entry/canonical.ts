import { present } from '@ironforge/kernel';
import canonicalize from 'canonicalize';

/** What goes into the bytes of an entry, in the names of the API. */
export interface NumberedEntry {
  readonly id: string;
  readonly tenantId: string;
  /** 1, 2, 3 … without gaps per tenant. */
  readonly sequence: number;
  readonly eventId: string;
  readonly aggregate: AggregatePlace | null;
  readonly type: string;
  readonly resourceType: string;
  readonly resourceId: string;
  readonly action: string;
  readonly status: string;
  readonly actor: { readonly type: string; readonly id: string };
  readonly authority: unknown;
  readonly requestId: string | null;
  readonly chainId: string | null;
  readonly txHash: string | null;
  /** RFC 3339, UTC, milliseconds. */
  readonly occurredAt: string;
  readonly details: unknown;
  readonly personal: unknown;
}

/** Whose version an entry tells of: 1, 2, 3 … without gaps in one log. */
export interface AggregatePlace {
  readonly id: string;
  readonly version: number;
}

/**
 * The one text of an entry (RFC 8785); its UTF-8 bytes are what a seal covers. Personal data is in them as a cipher alone, so that
 * destroying its key leaves every hash valid.
 */
export function canonicalText(entry: NumberedEntry): string {
  return present(canonicalize({ version: 1, ...entry }), 'canonical form of an entry');
}

/** The place of a row; null for what stands alone. */
export function placeOf(row: {
  readonly aggregate: string;
  readonly aggregate_version: number;
}): AggregatePlace | null {
  const { aggregate: id, aggregate_version: version } = row;
  return version === 0 ? null : { id, version };
}
