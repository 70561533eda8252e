import { ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { created, create, decide, read, refusalOf, replyOf, setPolicy } from './testbed/story.fixture.ts';
import { NATIVE, startWorld, TOKEN, type World } from './testbed/world.fixture.ts';

/** The played quote: 21,000 gas at 2 gwei. */
const FEE = 42_000_000_000_000n;

let world: World;
let funds: World['neighbourhood']['quote'];
beforeAll(async () => {
  world = await startWorld();
  funds = world.neighbourhood.quote;
  await setPolicy(world, 'two of three');
});
beforeEach(() => {
  world.neighbourhood.quote = funds;
  world.neighbourhood.isChainDown = false;
});
afterAll(() => world[Symbol.asyncDispose]());

test('who approves sees that the payment would revert, and why; it is refused by nobody for it', async () => {
  const failure = { kind: 'error' as const, text: 'paused' };
  world.neighbourhood.quote = { ...funds, failure };
  const { id } = await created(world, world.addWallet().id, { assetId: TOKEN });
  const { data } = replyOf(await world.ask(world.people.ann, ROUTES.listApprovals));
  const shown = data.find((request) => request.id === id);
  expect(shown).toMatchObject({
    status: 'pending_approval',
    simulation: { status: 'reverted', failure, feeEstimate: FEE.toString(), missing: [], blockHeight: 1 },
  });
  await decide(world, world.people.ann, id);
  expect(replyOf(await decide(world, world.people.ben, id))).toMatchObject({ status: 'approved' });
});

test('what the wallet lacks is shown for the amount and for the fee', async () => {
  world.neighbourhood.quote = { ...funds, nativeBalance: '10', assetBalance: '10' };
  const walletId = world.addWallet().id;
  const native = await created(world, walletId, { amount: '50' });
  expect(native.simulation?.missing).toEqual([{ assetId: NATIVE, amount: (FEE + 40n).toString() }]);
  const token = await created(world, walletId, { amount: '50', assetId: TOKEN.toLowerCase() });
  expect(token.simulation?.missing).toEqual([
    { assetId: NATIVE, amount: (FEE - 10n).toString() },
    { assetId: TOKEN, amount: '40' },
  ]);
});

test('a node that does not answer stops no submission that names its ceiling; the trial is told unavailable', async () => {
  world.neighbourhood.isChainDown = true;
  const walletId = world.addWallet().id;
  const { id } = await created(world, walletId, { feeCeiling: '1' });
  const simulation = {
    status: 'unavailable',
    failure: null,
    feeEstimate: null,
    missing: [],
    blockHeight: null,
  };
  expect(await read(world, id)).toMatchObject({ status: 'pending_approval', simulation });
  expect(refusalOf(await create(world, walletId))).toBe('503 dependency_down');
});

test('a draft is tried when it is submitted', async () => {
  const draft = await created(world, world.addWallet().id, { submit: false });
  expect(draft.simulation).toBeNull();
  const params = { id: draft.id };
  const submitted = replyOf(await world.ask(world.people.operator, ROUTES.submitTransaction, { params }));
  expect(submitted.simulation).toMatchObject({ status: 'ok', feeEstimate: FEE.toString() });
});
