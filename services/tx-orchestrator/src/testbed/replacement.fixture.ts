import { ROUTES } from '@ironforge/contracts';
import { create, decide, payload, replyOf, sign, submit } from './story.fixture.ts';
import type { Person, World } from './world.fixture.ts';

export type Kind = 'speed_up' | 'cancel';
const ROUTE = { speed_up: ROUTES.speedUpTransaction, cancel: ROUTES.cancelOnChain };

/** Somebody, the operator if nobody is named, asks for a replacement. */
export async function askReplacement(
  world: World,
  id: string,
  kind: Kind,
  { body = {}, person = world.people.operator }: { body?: { feeCeiling?: string }; person?: Person } = {},
) {
  return await world.ask(person, ROUTE[kind], { params: { id }, body });
}

/** The signer asks for the payload of a replacement. */
export async function askReplacementPayload(world: World, id: string, kind: Kind) {
  const input = { params: { id }, body: { kind } };
  return await world.ask(world.people.signer, ROUTES.createSigningPayload, input);
}

/** A payment that these people approved and its signer signed. */
export async function approvedAndSigned(
  world: World,
  wallet: ReturnType<World['addWallet']>,
  approvers: readonly Person[],
) {
  const { id, feeCeiling, intentHash } = replyOf(await create(world, wallet.id));
  for (const person of approvers) replyOf(await decide(world, person, id));
  const offer = await payload(world, id);
  replyOf(await submit(world, offer, sign(wallet.key, offer)));
  return { id, feeCeiling, intentHash };
}

/** Somebody decides on one of a request's intents. */
export async function decideOn(
  world: World,
  person: Person,
  { id, intentHash, decision = 'approve' }: Decision,
) {
  return await world.ask(person, ROUTES.decideTransaction, {
    params: { id },
    body: { decision, intentHash },
  });
}

interface Decision {
  readonly id: string;
  readonly intentHash: string;
  readonly decision?: 'approve' | 'reject';
}
