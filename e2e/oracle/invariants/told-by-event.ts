import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Facts, Message } from '../facts/facts.ts';

type Entry = Pick<Facts['entries'][number], 'type' | 'aggregate' | 'aggregate_version'>;

/** In what an entry and its sealed text are other than the event that they tell: the names of the fields, none when all is as it must be. */
export function differences(entry: Entry, text: unknown, event: Message['event']): string[] {
  const { data: sealed } = Sealed.safeParse(text);
  return sealed === undefined ? ['everything'] : differingFields(entry, sealed, event);
}

/** What the sealed text of an entry says. */
export const Sealed = z.object({
  sequence: z.int(),
  eventId: z.string(),
  tenantId: z.string(),
  type: z.string(),
  resourceId: z.string(),
  actor: z.object({ type: z.string(), id: z.string() }),
  requestId: z.string().nullable(),
  chainId: z.string().nullable(),
  txHash: z.string().nullable(),
  occurredAt: z.string(),
  details: z.unknown(),
  personal: z.unknown(),
});
type Sealed = z.output<typeof Sealed>;

function differingFields(entry: Entry, sealed: Sealed, event: Message['event']): string[] {
  const isAlone = standsAlone(event.type);
  const type = typeOf(event.type);
  const area = event.type.slice(0, event.type.indexOf('.'));
  const isAsTold: Readonly<Record<string, boolean>> = {
    type: entry.type === type && sealed.type === type,
    aggregate: entry.aggregate === (isAlone ? sealed.eventId : `${area}:${event.subject}`),
    version: entry.aggregate_version === (isAlone ? 0 : event.aggregateversion),
    time: sealed.occurredAt === new Date(event.time).toISOString(),
    actor: sealed.actor.type === event.actortype && sealed.actor.id === event.actorid,
    'request id': sealed.requestId === (event.requestid ?? null),
    ...asPlaced(sealed, event),
    details: isDeepStrictEqual(sealed.details, event.data),
    whereabouts: sealed.personal === null || tellsWhere(event),
  };
  return Object.keys(isAsTold).filter((field) => isAsTold[field] === false);
}

/** Whether an entry of this type may be there without an event: the audit log tells what it does itself. */
export function isOwn(type: string): boolean {
  return /^(audit|legal_hold)_/.test(type) || OWN.includes(type);
}

const OWN = ['personal_data_read', 'retention_changed', 'entries_pruned'];

/** Where the name of an entry is not that of its event with the dot as a line. */
const NAMES: Readonly<Record<string, string>> = {
  'user.personal_data_read': 'personal_data_read',
  'user.visitors_erased': 'visitors_erased',
  'session.login_succeeded': 'login_success',
  'session.login_failed': 'login_failed',
  'wallet.balance_changed': 'balance_changed',
  'chain.deposit_observed': 'deposit_observed',
  'tx_request.approval_granted': 'approval_granted',
  'tx_request.approval_refused': 'approval_refused',
  'tx_request.signed': 'tx_signed',
  'tx_request.broadcasted': 'tx_broadcasted',
  'tx_request.confirmed': 'tx_confirmed',
};

function typeOf(eventType: string): string {
  return NAMES[eventType] ?? eventType.replace('.', '_');
}

/** Of no aggregate, so that its entry waits for no other. */
function standsAlone(eventType: string): boolean {
  return /^(session|security|nonce|chain)\./.test(eventType) || ALONE.includes(eventType);
}

const ALONE = ['user.personal_data_read', 'user.visitors_erased', 'wallet.balance_changed'];

const OfRequest = z.object({
  request: z.object({ id: z.string(), chainId: z.string(), txHash: z.string().nullable() }),
});

/** What is about a request says of it what the event says; every other place stands somewhere in its event. */
function asPlaced(sealed: Sealed, event: Message['event']): Record<string, boolean> {
  const request = event.type.startsWith('tx_request.') ? OfRequest.parse(event.data).request : null;
  const text = JSON.stringify([event.subject, event.data]);
  const isSaid = (value: string | null) => value === null || text.includes(JSON.stringify(value));
  const { resourceId, chainId, txHash } = sealed;
  return {
    resource: request === null ? isSaid(resourceId) : resourceId === request.id,
    chain: request === null ? isSaid(chainId) : chainId === request.chainId,
    transaction: request === null ? isSaid(txHash) : txHash === request.txHash,
  };
}

/** Who was erased meanwhile has no place in his entry; whoever told no place has never one. */
function tellsWhere({ clientip, useragent }: Message['event']): boolean {
  return (clientip ?? '') !== '' || (useragent ?? '') !== '';
}
