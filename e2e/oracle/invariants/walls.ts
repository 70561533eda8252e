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
      ...across({ what: 'a request', tenantId: tenant_id }, wallets, wallet_id),
      ...(gap_nonce === null ? across({ what: 'a request', tenantId: tenant_id }, users, user_id) : []),
    ]),
    ...facts.attempts.flatMap((row) =>
      across({ what: 'an attempt', tenantId: row.tenant_id }, requests, row.tx_request_id),
    ),
    ...facts.transitions.flatMap((row) =>
      across({ what: 'an event', tenantId: row.tenant_id }, requests, row.tx_request_id),
    ),
    ...facts.approvals.flatMap((row) => [
      ...across({ what: 'an approval', tenantId: row.tenant_id }, requests, row.tx_request_id),
      ...across({ what: 'an approval', tenantId: row.tenant_id }, users, row.approver_id),
    ]),
    ...facts.groups.flatMap((row) =>
      across({ what: 'a group', tenantId: row.tenant_id }, requests, row.tx_request_id),
    ),
    ...facts.slots.flatMap((row) =>
      across({ what: 'a nonce', tenantId: row.tenant_id }, requests, row.tx_request_id ?? ''),
    ),
    ...facts.inbox.flatMap((row) =>
      across({ what: 'an inbox', tenantId: row.tenant_id }, messages, row.message_id),
    ),
    ...facts.entries.flatMap((row) =>
      across({ what: 'an audit entry', tenantId: row.tenant_id }, messages, row.event_id),
    ),
    ...facts.messages.flatMap(({ id, tenant_id, event }) =>
      event.tenantid === tenant_id ? [] : [broken(id, `is of ${tenant_id}, and says ${event.tenantid}`)],
    ),
  ];
}

type Owners = ReadonlyMap<string, string>;

function ownersOf(rows: readonly { readonly id: string; readonly tenant_id: string }[]): Owners {
  return new Map(rows.map(({ id, tenant_id }) => [id, tenant_id]));
}

interface Naming {
  readonly what: string;
  readonly tenantId: string;
}

/** What is not among the rows that were read belongs to nobody here, and is another promise's matter. */
function across({ what, tenantId }: Naming, owners: Owners, id: string): Violation[] {
  const owner = owners.get(id);
  if (owner === undefined || owner === tenantId) return [];
  return [broken(id, `is of ${owner}, and ${what} of ${tenantId} names it`)];
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I6', id, what };
}
