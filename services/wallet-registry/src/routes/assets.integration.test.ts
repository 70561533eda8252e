import { ROUTES } from '@ironforge/contracts';
import type { UserCaller } from '@ironforge/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CHAIN,
  COIN,
  newAddress,
  OTHER_CHAIN,
  somebody,
  startTestRegistry,
  type TestRegistry,
} from '../registry.fixture.ts';

let registry: TestRegistry;
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry[Symbol.asyncDispose]());

const TOKEN = '0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed';

async function create(caller: UserCaller, body: Partial<Record<string, unknown>> = {}) {
  const assetId = `${CHAIN}/erc20:${newAddress()}`;
  const whole = { assetId, chainId: CHAIN, symbol: 'TKN', name: 'Token', decimals: 6, ...body };
  return registry.ask(ROUTES.createAsset, caller, { body: whole });
}

test('a token is known by its checksummed contract, and the watcher is told', async () => {
  const caller = somebody();
  const reply = await create(caller, { assetId: `${CHAIN}/erc20:${TOKEN.toLowerCase()}` });
  const asset = {
    assetId: `${CHAIN}/erc20:${TOKEN}`,
    chainId: CHAIN,
    symbol: 'TKN',
    name: 'Token',
    decimals: 6,
  };
  expect(reply).toMatchObject({ status: 201, body: { ...asset, logoUrl: null } });
  const said = (await registry.said('asset.created')).filter(({ subject }) => subject === asset.assetId);
  expect(said).toMatchObject([{ aggregateversion: 1, data: { asset } }]);
  expect(await create(caller, { assetId: asset.assetId })).toMatchObject({
    status: 409,
    code: 'asset_exists',
  });
  expect((await create(somebody(), { assetId: asset.assetId })).status).toBe(201);
});

test.each([
  ['a wrong checksum', { assetId: `${CHAIN}/erc20:${TOKEN.replace('aA', 'AA')}` }, 'validation_failed'],
  ['another chain', { assetId: `${OTHER_CHAIN}/erc20:${TOKEN}` }, 'validation_failed'],
  ['no contract', { assetId: `${CHAIN}/slip44:61` }, 'validation_failed'],
  ['a chain that is not followed', { chainId: 'eip155:5' }, 'unknown_chain'],
  ['the coin itself', { assetId: COIN }, 'asset_exists'],
])('%s is refused', async (_what, body, code) => {
  expect((await create(somebody(), body)).code).toBe(code);
});

test('decimals are those that the token itself says, or those of who registers it where it does not say', async () => {
  const assetId = `${CHAIN}/erc20:${TOKEN}`;
  registry.tokens.decimals.set(assetId, 6);
  const refused = await create(somebody(), { assetId, decimals: 12 });
  expect(refused).toMatchObject({ status: 422, code: 'validation_failed', pointers: ['/decimals'] });
  expect((await create(somebody(), { assetId, decimals: 6 })).status).toBe(201);
  expect((await create(somebody(), { decimals: 12 })).status).toBe(201);
});

test('while no node tells, no token is registered', async () => {
  registry.tokens.isDown = true;
  expect(await create(somebody())).toMatchObject({ status: 503, code: 'dependency_down' });
  registry.tokens.isDown = false;
});

test('the list holds the tokens, newest first, then the coins, over all pages', async () => {
  const caller = somebody();
  const made: string[] = [];
  for (let index = 0; index < 3; index += 1) made.unshift((await create(caller)).body.assetId);
  const seen: string[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const query = cursor === undefined ? { limit: 2 } : { limit: 2, cursor };
    const { body } = await registry.ask(ROUTES.listAssets, caller, { query });
    seen.push(...body.data.map(({ assetId }) => assetId));
    cursor = body.nextCursor;
  }
  expect(seen).toEqual([...made, `${OTHER_CHAIN}/slip44:60`, COIN]);
  const { body } = await registry.ask(ROUTES.listAssets, caller, { query: { chainId: OTHER_CHAIN } });
  expect(body.data.map(({ symbol }) => symbol)).toEqual(['ETH']);
});

test('a tenant does not see the tokens of another', async () => {
  await create(somebody());
  const { body } = await registry.ask(ROUTES.listAssets, somebody());
  expect(body.data).toHaveLength(2);
});
