import type { Facts } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';

/** I11: while something that decides was away, no signature was taken; and each that was has its event for the audit log. */
export function closed(facts: Facts): Violation[] {
  const signed = facts.transitions.filter(({ type }) => type === 'signed');
  const told = new Set(
    facts.messages
      .filter(({ routing_key }) => routing_key === 'tx_request.signed')
      .map(({ event }) => `${event.subject} ${event.aggregateversion}`),
  );
  return signed.flatMap(({ tx_request_id: id, version, created_at: at }) => {
    const away = facts.outages.find(({ from, to }) => at > from && at < to);
    return [
      ...(away === undefined
        ? []
        : [broken(id, `was signed at ${at.toISOString()}, while ${away.what} was away`)]),
      ...(told.has(`${id} ${version}`) ? [] : [broken(id, 'was signed without an event for the audit log')]),
    ];
  });
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I11', id, what };
}
