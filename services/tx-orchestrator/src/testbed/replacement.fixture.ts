import { ROUTES } from '@ironforge/contracts';
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
