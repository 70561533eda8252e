import { randomUUID } from 'node:crypto';
import { type Route, ROUTES, type RouteAnswer } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Wallet } from 'ethers';
import { changeOf } from '../../world/caller.ts';
import { chain } from '../../world/environment.ts';
import { freshKey, insist, insistOnAnswer } from '../insist.ts';
import { WATCHED_TAG } from '../traffic.ts';
import type { Errand, Scene } from './errand.ts';

/** A policy is added when two have approved it. */
export const changePolicy: Errand = async (scene) => {
  const body = { name: 'errand', rules: [{ name: 'all', when: {}, effect: { type: 'deny' as const } }] };
  const { admin } = scene.tenant;
  await carryThrough(scene, await insistOnAnswer(admin, ROUTES.createPolicy, { body, headers: freshKey() }));
};

/** A wallet is registered under a tag that a rule reads. */
export const changeWallet: Errand = async (scene) => {
  const { address } = Wallet.createRandom();
  const place = { chainId: chain.chainId, address, name: 'errand', type: 'hot' as const };
  const input = { body: { ...place, tags: [WATCHED_TAG] }, headers: freshKey() };
  await carryThrough(scene, await insistOnAnswer(scene.tenant.operator, ROUTES.createWallet, input));
};

/** Somebody is hired who may approve. */
export const changeUser: Errand = async (scene) => {
  const account = { email: `${randomUUID()}@e2e.example`, displayName: 'errand' };
  const input = { body: { ...account, roles: ['approver' as const] }, headers: freshKey() };
  await carryThrough(scene, await insistOnAnswer(scene.tenant.admin, ROUTES.createUser, input));
};

/** Two approve a change, and it is done. */
async function carryThrough({ tenant }: Scene, answer: RouteAnswer<Route>): Promise<void> {
  const { changeId, changeHash } = changeOf(answer);
  const [ana, ben] = tenant.approvers;
  const params = { id: changeId };
  const body = { decision: 'approve' as const, changeHash };
  for (const one of [ana, ben]) await insist(one, ROUTES.decideChange, { params, body, headers: freshKey() });
  await waitUntil('the change is applied', async () => {
    const { status } = await insist(ana, ROUTES.getChange, { params });
    return status === 'applied';
  });
}
