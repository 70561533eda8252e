import type { Facts } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';

/** I6: whatever a row names is of the row's own tenant, in the database, in messages and in the audit log. */
export function walls(facts: Facts): Violation[] {
  const requests = ownersOf(facts.requests);
  const wallets = ownersOf(facts.wallets);
  const users = ownersOf(facts.users);
  const messages = ownersOf(facts.messages);
  return [
    ...facts.requests.flatMap(({ tenant_id, wallet_id, user_id, gap_nonce }) => [
      ...across('a request', tenant_id, wallets, wallet_id),
      ...(gap_nonce === null ? across('a request', tenant_id, users, user_id) : []),
    ]),
    ...facts.attempts.flatMap((row) => across('an attempt', row.tenant_id, requests, row.tx_request_id)),
    ...facts.transitions.flatMap((row) => across('an event', row.tenant_id, requests, row.tx_request_id)),
    ...facts.approvals.flatMap((row) => [
      ...across('an approval', row.tenant_id, requests, row.tx_request_id),
      ...across('an approval', row.tenant_id, users, row.approver_id),
    ]),
    ...facts.groups.flatMap((row) => across('a group', row.tenant_id, requests, row.tx_request_id)),
    ...facts.slots.flatMap((row) => across('a nonce', row.tenant_id, requests, row.tx_request_id ?? '')),
    ...facts.inbox.flatMap((row) => across('an inbox', row.tenant_id, messages, row.message_id)),
    ...facts.entries.flatMap((row) => across('an audit entry', row.tenant_id, messages, row.event_id)),
    ...facts.messages.flatMap(({ id, tenant_id, event }) =>
      event.tenantid === tenant_id ? [] : [broken(id, `is of ${tenant_id}, and says ${event.tenantid}`)],
    ),
  ];
}

type Owners = ReadonlyMap<string, string>;

function ownersOf(rows: readonly { readonly id: string; readonly tenant_id: string }[]): Owners {
  return new Map(rows.map(({ id, tenant_id }) => [id, tenant_id]));
}

/** What is not among the rows that were read belongs to nobody here, and is another promise's matter. */
function across(what: string, tenantId: string, owners: Owners, id: string): Violation[] {
  const owner = owners.get(id);
  if (owner === undefined || owner === tenantId) return [];
  return [broken(id, `is of ${owner}, and ${what} of ${tenantId} names it`)];
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I6', id, what };
}
