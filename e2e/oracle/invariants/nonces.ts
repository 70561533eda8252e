import type { Facts } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';
import { minedByNonce, place } from './one-effect.ts';

type Attempt = Facts['attempts'][number];

/** I2: a nonce whose signature is stored is nobody else's, no request holds two live signatures, and no gap stays. */
export function nonces(facts: Facts): Violation[] {
  return [...sharedNonces(facts), ...twoLives(facts), ...openGaps(facts)];
}

function sharedNonces({ attempts }: Facts): Violation[] {
  const byNonce = Map.groupBy(
    attempts,
    ({ tenant_id, address, nonce }) => `${tenant_id} ${place(address, nonce)}`,
  );
  return [...byNonce].flatMap(([slot, all]) => {
    const signed = all.filter(({ raw }) => raw !== null);
    const holders = new Set(signed.map(({ tx_request_id }) => tx_request_id));
    const two = holders.size > 1 ? [broken(slot, `signed for by ${[...holders].join(' and ')}`)] : [];
    const late = signed.flatMap((first) => all.filter((next) => isHandedOn(first, next)));
    return [...two, ...late.map(({ tx_request_id: id }) => broken(slot, `handed to ${id} though signed`))];
  });
}

function isHandedOn(signed: Attempt, next: Attempt): boolean {
  return (
    next.tx_request_id !== signed.tx_request_id &&
    signed.fence !== null &&
    next.fence !== null &&
    next.fence > signed.fence
  );
}

/** Two signatures of one request on two nonces could both be mined, unless something else has spent one of them. */
function twoLives(facts: Facts): Violation[] {
  const spent = minedByNonce(facts);
  const signed = facts.attempts.filter(({ raw }) => raw !== null);
  return [...Map.groupBy(signed, ({ tx_request_id }) => tx_request_id)].flatMap(([id, own]) => {
    const hashes = new Set(own.map(({ tx_hash }) => tx_hash));
    const live = own.filter(({ address, nonce }) => {
      const mined = spent.get(place(address, nonce));
      return mined === undefined || hashes.has(mined.hash);
    });
    const numbers = new Set(live.map(({ nonce }) => nonce));
    return numbers.size > 1
      ? [broken(id, `has live signatures on the nonces ${[...numbers].join(', ')}`)]
      : [];
  });
}

/** Below a signed nonce everything is spent, signed, leased, or somebody's task to fill. */
function openGaps(facts: Facts): Violation[] {
  const lanes = Map.groupBy(facts.slots, ({ tenant_id, address }) => `${tenant_id} ${address}`);
  return [...lanes].flatMap(([lane, slots]) => {
    const [tenantId = '', address = ''] = lane.split(' ');
    const from = minedCount(facts, address);
    const top = Math.max(-1, ...slots.filter(({ state }) => state === 'signed').map(({ nonce }) => nonce));
    const missing = Array.from({ length: Math.max(0, top - from) }, (_, index) => from + index).filter(
      (nonce) =>
        !isCovered(
          facts,
          slots.find((slot) => slot.nonce === nonce),
          { tenantId, address, nonce },
        ),
    );
    return missing.map((nonce) =>
      broken(`${lane}/${nonce}`, `a gap below ${top} that nobody is asked to fill`),
    );
  });
}

interface Nonce {
  readonly tenantId: string;
  readonly address: string;
  readonly nonce: number;
}

function isCovered(facts: Facts, slot: Facts['slots'][number] | undefined, at: Nonce): boolean {
  if (slot !== undefined && (slot.state === 'signed' || slot.state === 'spent' || slot.is_leased))
    return true;
  return facts.requests.some(
    ({ tenant_id, from_address, gap_nonce, status }) =>
      tenant_id === at.tenantId &&
      from_address === at.address &&
      gap_nonce === at.nonce &&
      status === 'approved',
  );
}

/** The nonces that the chain has spent of an address. */
export function minedCount({ chain }: Pick<Facts, 'chain'>, address: string): number {
  const own = [...chain.mined.values()].filter(({ from }) => from === address.toLowerCase());
  return Math.max(0, ...own.map(({ nonce }) => nonce + 1));
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I2', id, what };
}
