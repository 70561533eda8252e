import { Client } from 'pg';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { brokenOnPurpose } from '../oracle/exempt.ts';
import { consult } from '../oracle/oracle.ts';
import { told } from '../oracle/violation.ts';
import { type CheckMessage, type Published, readAsyncApi } from '../world/asyncapi.ts';
import { environment } from '../world/environment.ts';
import { makeRareBlocks } from './rare-blocks.ts';
import { makeRareChanges } from './rare-changes.ts';
import { makeRareEvents } from './rare-events.ts';
import { makeRareRequests } from './rare-requests.ts';

/**
 * What no run can wait for, with the test that has it published and compares it with its schema. The watcher is asked again after ten minutes, a day passes before a change
 * expires, and a month before its visitors can be erased.
 */
const NOT_MADE: Readonly<Record<string, string>> = {
  'user.visitors_erased': 'services/identity/src/personal/visitors.integration.test.ts',
  'wallet.watch_asked': 'services/wallet-registry/src/handlers/messages.integration.test.ts',
  'change.expired': 'services/tx-orchestrator/src/changes/changes.integration.test.ts',
};

let check: CheckMessage;
let routingKeys: readonly string[];
let messages: readonly Published[];

beforeAll(async () => {
  await Promise.all([makeRareEvents(), makeRareRequests()]);
  // Each alone: a service stands still in the one, and the other says when there are blocks.
  await makeRareChanges();
  await makeRareBlocks();
  ({ check, routingKeys } = await readAsyncApi());
  messages = await everyMessage();
});

it('every message of the run is what the AsyncAPI document of the gateway says', () => {
  const faults = new Set(messages.flatMap((message) => check(message)));
  expect([...faults]).toEqual([]);
});

it('the run had a message of each kind that there is, so nothing was checked by not being there', () => {
  const seen = new Set(messages.map(({ routingKey }) => routingKey));
  const missing = routingKeys.filter((key) => !seen.has(key));
  expect(missing, 'this file looks back at a whole run: ./ironforge test e2e').toEqual(Object.keys(NOT_MADE));
});

it('every promise was kept, in whatever the files of this run did', async () => {
  const { facts, violations } = await consult({ except: brokenOnPurpose() }, 110_000);
  expect(violations.map(told)).toEqual([]);
  expect(facts.messages.length, 'something was looked at').toBeGreaterThan(0);
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
