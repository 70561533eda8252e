import { INTERNAL_ROUTES, ROUTES } from '@ironforge/contracts';
import type { UserCaller } from '@ironforge/service-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  CHAIN,
  newAddress,
  OTHER_CHAIN,
  somebody,
  startTestRegistry,
  type TestRegistry,
} from '../registry.fixture.ts';

let registry: TestRegistry;
const maria = somebody({ roles: ['operator'] });
const { tenantId } = maria;
const paul = somebody({ roles: ['approver'], tenantId });
const user = somebody({ roles: ['user'], tenantId });
beforeAll(async () => {
  registry = await startTestRegistry();
});
afterAll(() => registry[Symbol.asyncDispose]());

async function add(who: UserCaller, body: { address: string; kind?: 'blocked'; isShared?: boolean }) {
  return await registry.ask(ROUTES.createAddressEntry, who, {
    body: { chainId: CHAIN, label: 'x', ...body },
  });
}

async function verify(who: UserCaller, id: string) {
  return await registry.ask(ROUTES.verifyAddressEntry, who, { params: { id } });
}

async function remove(who: UserCaller, id: string) {
  return await registry.ask(ROUTES.removeAddressEntry, who, { params: { id } });
}

async function kindsOf(address: string, { chainId = CHAIN, initiator = maria.userId } = {}) {
  const body = { tenantId, chainId, addresses: [address, '0x12'], initiatorIds: [initiator] };
  const service = { kind: 'service', service: 'gateway' } as const;
  const { known } = (await registry.ask(INTERNAL_ROUTES.resolveAddresses, service, { body })).body;
  return known.map(({ kind }) => kind);
}

test('a payee of the tenant counts when a second person has verified it, on its chain, until it is removed', async () => {
  const address = newAddress();
  const { body: entry } = await add(maria, { address, isShared: true });
  expect(entry).toMatchObject({ status: 'unverified', userId: null, verifiedBy: null });
  expect(await kindsOf(address)).toEqual([]);
  expect(await verify(maria, entry.id)).toMatchObject({ status: 403, code: 'second_person_needed' });
  expect((await verify(paul, entry.id)).body).toMatchObject({ status: 'active', verifiedBy: paul.userId });
  expect(await kindsOf(address.toLowerCase())).toEqual(['address_book']);
  expect(await kindsOf(address, { chainId: OTHER_CHAIN })).toEqual([]);
  expect((await remove(maria, entry.id)).body).toMatchObject({ status: 'removed' });
  expect(await kindsOf(address)).toEqual([]);
});

test('an entry of one’s own is seen by nobody else, counts for nothing, and cannot be verified', async () => {
  const address = newAddress();
  const { body: entry } = await add(user, { address });
  expect(entry).toMatchObject({ status: 'personal', userId: user.userId });
  expect(await verify(paul, entry.id)).toMatchObject({ status: 404 });
  const idsFor = async (who: UserCaller) =>
    (await registry.ask(ROUTES.listAddressEntries, who)).body.data.map(({ id }) => id);
  expect(await idsFor(user)).toContain(entry.id);
  expect(await idsFor(paul)).not.toContain(entry.id);
  expect(await kindsOf(address)).toEqual([]);
  expect(await add(user, { address: newAddress(), isShared: true })).toMatchObject({ status: 403 });
});

test('a blocked address counts at once and on every chain, and goes when two people want it', async () => {
  const address = newAddress();
  const { body: entry } = await add(maria, { address, kind: 'blocked' });
  expect(await kindsOf(address, { chainId: OTHER_CHAIN })).toEqual(['blocked']);
  expect(await add(paul, { address, kind: 'blocked' })).toMatchObject({
    status: 409,
    code: 'address_exists',
  });
  expect(await remove(user, entry.id)).toMatchObject({ status: 403, code: 'permission_denied' });
  expect((await remove(maria, entry.id)).body).toMatchObject({ status: 'removing' });
  expect(await kindsOf(address)).toEqual(['blocked']);
  expect(await remove(maria, entry.id)).toMatchObject({ status: 403, code: 'second_person_needed' });
  expect((await remove(paul, entry.id)).body).toMatchObject({ status: 'removed' });
  expect(await kindsOf(address)).toEqual([]);
  expect(await remove(paul, entry.id)).toMatchObject({ status: 404 });
  const told = (
    await Promise.all(
      ['entry_added', 'removal_requested', 'entry_removed'].map(async (name) =>
        (await registry.said(`address_book.${name}`)).filter(({ subject }) => subject === entry.id),
      ),
    )
  ).flat();
  expect(told.map(({ aggregateversion }) => aggregateversion)).toEqual([1, 2, 3]);
});

test('who asked a day ago to have an address unblocked wants it no more', async () => {
  const { body: entry } = await add(maria, { address: newAddress(), kind: 'blocked' });
  await remove(maria, entry.id);
  await registry.database.query(
    `UPDATE address_book SET updated_at = now() - INTERVAL '25 hours' WHERE id = $1`,
    [entry.id],
  );
  const { body: listed } = await registry.ask(ROUTES.listAddressEntries, paul);
  expect(listed.data.find(({ id }) => id === entry.id)).toMatchObject({
    status: 'active',
    removalAskedBy: null,
  });
  expect((await remove(paul, entry.id)).body).toMatchObject({
    status: 'removing',
    removalAskedBy: paul.userId,
  });
  expect((await remove(maria, entry.id)).body).toMatchObject({ status: 'removed' });
});

test('a wallet of the tenant is its own for everybody but for who registered it', async () => {
  const address = newAddress();
  const body = { chainId: CHAIN, name: 'cold', type: 'cold' as const, address };
  const { id } = (await registry.ask(ROUTES.createWallet, maria, { body })).body;
  expect(await kindsOf(address, { initiator: paul.userId })).toEqual([]);
  await registry.database.query(`UPDATE wallets SET status = 'active' WHERE id = $1`, [id]);
  expect(await kindsOf(address, { initiator: paul.userId })).toEqual(['own_wallet']);
  expect(await kindsOf(address, { initiator: maria.userId })).toEqual([]);
});
