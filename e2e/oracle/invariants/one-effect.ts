import { Interface } from 'ethers';
import type { Mined } from '../facts/chain.ts';
import type { Facts } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';

type Request = Facts['requests'][number];
type Attempt = Facts['attempts'][number];

/** I1: what was approved happened at most once, and the request says of itself what the chain says. */
export function oneEffect(facts: Facts): Violation[] {
  const attemptsOf = Map.groupBy(facts.attempts, ({ tx_request_id }) => tx_request_id);
  const spentBy = minedByNonce(facts);
  return facts.requests.flatMap((request) => {
    const attempts = attemptsOf.get(request.id) ?? [];
    const nonces = new Set([...attempts.map(({ nonce }) => nonce), ...numbers(request.bound_nonce)]);
    const paid = [...nonces].flatMap((nonce) => {
      const mined = spentBy.get(place(request.from_address, nonce));
      return mined !== undefined && pays(request, mined) ? [mined.hash] : [];
    });
    const own = attempts.flatMap((attempt) => minedOf(facts, attempt));
    return [
      ...(paid.length > 1 ? [broken(request, `was paid ${paid.length} times: ${paid.join(', ')}`)] : []),
      ...falseEnd(request, attempts, own),
    ];
  });
}

/** Where a nonce is spent: addresses come in two spellings. */
export function place(address: string, nonce: number): string {
  return `${address.toLowerCase()}/${nonce}`;
}

/** Everything that the chain holds, by sender and nonce. */
export function minedByNonce({ chain }: Pick<Facts, 'chain'>): ReadonlyMap<string, Mined> {
  return new Map([...chain.mined.values()].map((mined) => [place(mined.from, mined.nonce), mined]));
}

function falseEnd(request: Request, attempts: readonly Attempt[], own: readonly Mined[]): Violation[] {
  const says = (what: string) => [
    broken(request, `is ${request.status} (${request.reason ?? 'no reason'}), and ${what}`),
  ];
  const payment = own.find((mined) => !isCancel(attempts, mined));
  switch (request.status) {
    case 'confirmed':
      return payment?.isSuccess === true ? [] : says('the chain holds no success of it');
    case 'failed':
      return payment?.isSuccess === true ? says(`${payment.hash} succeeded`) : [];
    case 'cancelled':
    case 'rejected':
    case 'expired':
      return payment === undefined ? [] : says(`${payment.hash} was mined`);
    default:
      return [];
  }
}

function isCancel(attempts: readonly Attempt[], { hash }: Mined): boolean {
  return attempts.some(({ kind, tx_hash }) => kind === 'cancel' && tx_hash === hash);
}

function minedOf({ chain }: Facts, { tx_hash: hash }: Attempt): Mined[] {
  const mined = hash === null ? undefined : chain.mined.get(hash);
  return mined === undefined ? [] : [mined];
}

const transfer = new Interface(['function transfer(address to, uint256 amount)']);

/** True when this is the payment, by what it does. */
function pays(request: Request, mined: Mined): boolean {
  if (!mined.isSuccess || request.gap_nonce !== null) return false;
  const [, token] = request.asset_id.split('/erc20:');
  if (token === undefined)
    return mined.to?.toLowerCase() === request.to_address.toLowerCase() && mined.value === request.amount;
  const call = transfer.encodeFunctionData('transfer', [request.to_address, request.amount]);
  return mined.to?.toLowerCase() === token.toLowerCase() && mined.input === call.toLowerCase();
}

function broken({ id }: Request, what: string): Violation {
  return { invariant: 'I1', id, what };
}

function numbers(value: number | null): number[] {
  return value === null ? [] : [value];
}
