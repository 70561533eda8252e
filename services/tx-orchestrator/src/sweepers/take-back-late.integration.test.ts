import { waitUntil } from '@ironforge/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { created, payload, read, setPolicy, signedRequest } from '../testbed/story.fixture.ts';
import { CHAIN, startWorld, type World } from '../testbed/world.fixture.ts';

const SILENT_CHAIN = 'eip155:31338';
/** More than a sweep takes at a time. */
const MANY = 120;

let world: World;
const silence = Promise.withResolvers<void>();
beforeAll(async () => {
  const silent = { ...CHAIN, chainId: SILENT_CHAIN, nativeAssetId: `${SILENT_CHAIN}/slip44:60` };
  world = await startWorld({ CHAINS: JSON.stringify([CHAIN, silent]) });
  await setPolicy(world, 'allow');
});
afterAll(async () => {
  silence.resolve();
  await world[Symbol.asyncDispose]();
});

test('a chain that gives no answer, with more to take back than a sweep takes, holds up no other chain', async () => {
  world.neighbourhood.chainAnswers.set(SILENT_CHAIN, silence.promise);
  const wallet = world.addWallet();
  await payload(world, (await created(world, wallet.id)).id);
  const { id } = await signedRequest(world, wallet);
  await world.database.query(COPY_TO_SILENT_CHAIN, [id, MANY, SILENT_CHAIN]);
  await waitUntil('the chain to give no answer', () => leftBehind().length > 0);
  await passValidity(id);
  await waitUntil('the cancel to be offered', async () =>
    (await read(world, id)).attempts.some(({ kind, state }) => kind === 'cancel' && state === 'offered'),
  );
  expect(new Set(leftBehind()).size).toBeLessThan(MANY / 10);
});

function leftBehind(): readonly unknown[] {
  const isOne = ({ message }: { readonly message: string }) =>
    message === 'a sweep left one behind; tried again';
  return world.log.lines.filter(isOne).map(({ fields }) => fields['id']);
}

async function passValidity(id: string): Promise<void> {
  const sql = `UPDATE tx_requests SET expires_at = now() - INTERVAL '1 second',
    state = jsonb_set(state, '{validUntilMs}', '0') WHERE id = $1`;
  await world.database.query(sql, [id]);
}

/** Held back since their validity ended, and older than everything else. */
const COPY_TO_SILENT_CHAIN = `INSERT INTO tx_requests
  SELECT (jsonb_populate_record(t, jsonb_build_object('id', lpad(to_hex(n), 32, '0'), 'chain_id', CAST($3 AS TEXT),
    'reason', 'validity_passed', 'expires_at', NULL,
    'intent', replace(t.intent, t.chain_id, CAST($3 AS TEXT)),
    'state', jsonb_set(t.state, '{reason}', '"validity_passed"')))).*
  FROM tx_requests t, generate_series(1, $2) AS n WHERE t.id = $1`;
