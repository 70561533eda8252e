import { Client } from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type CheckMessage, type Published, readAsyncApi } from '../world/asyncapi.ts';
import { environment } from '../world/environment.ts';
import { makeRareEvents } from './rare-events.ts';

/** Routing keys that a run of all e2e files makes in any order and at any speed. Others may come and are checked too. */
const MADE = [
  'api_key.created',
  'api_key.revoked',
  'asset.created',
  'balance_update.evm',
  'chain.address_watched',
  'chain.deposit_observed',
  'chain.nonce_spent',
  'chain.tx_accepted',
  'chain.tx_observed',
  'change.applied',
  'change.approval_granted',
  'change.approved',
  'change.cancelled',
  'change.proposed',
  'change.rejected',
  'policy.created',
  'security.refresh_token_reused',
  'security.signature_refused',
  'session.logged_out',
  'session.login_failed',
  'session.login_succeeded',
  'tenant.created',
  'tenant.updated',
  'tx_broadcast.evm',
  'tx_request.adopted',
  'tx_request.approval_granted',
  'tx_request.approval_refused',
  'tx_request.approved',
  'tx_request.attempt_added',
  'tx_request.broadcasted',
  'tx_request.cancelled',
  'tx_request.confirmed',
  'tx_request.created',
  'tx_request.dispatched',
  'tx_request.finalized',
  'tx_request.included',
  'tx_request.lease_displaced',
  'tx_request.payload_offered',
  'tx_request.rejected',
  'tx_request.signed',
  'tx_request.submitted',
  'user.registered',
  'user.updated',
  'wallet.activated',
  'wallet.archived',
  'wallet.balance_changed',
  'wallet.balance_observed',
  'wallet.created',
  'wallet.updated',
];

let check: CheckMessage;
let messages: readonly Published[];

beforeAll(async () => {
  await makeRareEvents();
  check = await readAsyncApi();
  messages = await everyMessage();
});

it('every message of the run is what the AsyncAPI document of the gateway says', () => {
  const faults = new Set(messages.flatMap((message) => check(message)));
  expect([...faults]).toEqual([]);
});

it('the run had a message of each kind that its files make, so nothing was checked by not being there', () => {
  const seen = new Set(messages.map(({ routingKey }) => routingKey));
  const missing = MADE.filter((routingKey) => !seen.has(routingKey));
  expect(missing, 'this file looks back at a whole run: ./ironforge test e2e').toEqual([]);
});

/** The outbox tables hold all that was ever published, commands too, which no queue of ours could overhear. */
async function everyMessage(): Promise<Published[]> {
  const client = new Client({ connectionString: environment.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(`SELECT exchange, routing_key AS "routingKey", body FROM outbox`);
    return Rows.parse(rows).map((row) => ({ ...row, body: JSON.parse(row.body) as unknown }));
  } finally {
    await client.end();
  }
}

const Rows = z.array(z.object({ exchange: z.string(), routingKey: z.string(), body: z.string() }));
