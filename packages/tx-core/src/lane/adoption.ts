import type { AttemptId, TxRequestId } from '@ironforge/kernel';

/** What a transaction does, apart from how it pays the network: addresses and data in lower case, value in wei. */
export type Effect = {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
  readonly data: string;
};

/** An attempt that was once offered the nonce, with what it would do. */
export type Holder = {
  readonly requestId: TxRequestId;
  readonly attemptId: AttemptId;
  readonly fence: number;
  readonly effect: Effect;
  /** Of its stored bytes; null while nothing was signed. */
  readonly txHash: string | null;
};

/**
 * Whose transaction a mined one on our lane is: of all that were ever offered its nonce, the one with the
 * latest fence whose effect it has, alone. Another fee, type or access list is no mismatch. Null: a stranger's.
 */
export function adopterOf(mined: Effect, holders: readonly Holder[]): Holder | null {
  const matching = holders.filter(({ effect }) => hasSameEffect(effect, mined));
  return matching.reduce<Holder | null>(
    (best, next) => (best && best.fence > next.fence ? best : next),
    null,
  );
}

function hasSameEffect(a: Effect, b: Effect): boolean {
  return (
    a.value === b.value &&
    same(a.from, b.from) &&
    same(a.to, b.to) &&
    a.data.toLowerCase() === b.data.toLowerCase()
  );
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
