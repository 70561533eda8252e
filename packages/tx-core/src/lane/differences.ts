import type { AdoptedDifference, Attachment } from '@ironforge/contracts';

/** How a transaction pays the network and what it carries beside its call; without EIP-1559 both fees are the gas price. */
export type Terms = {
  readonly type: number;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
  readonly attachments: readonly Attachment[];
};

/** The terms that payloads have: whatever else a transaction carries was never offered. */
export type OfferedTerms = Omit<Terms, 'attachments'>;

/**
 * In what an adopted transaction is other than the payload it is nearest to, of those that its request was offered; none
 * when a signer broadcast exactly one of them. A lower fee is another one too. What pays by a gas price (EIP-2930 and
 * before) gives all of it above the base fee away, so beside a type 2 payload it differs in its fee as in its type.
 */
export function differencesOf(
  mined: Terms,
  offers: readonly OfferedTerms[],
): readonly Exclude<AdoptedDifference, 'signature'>[] {
  const own = ownDifferences(mined, offers);
  return [...own, ...mined.attachments];
}

function ownDifferences(mined: Terms, offers: readonly OfferedTerms[]): readonly ('type' | 'fee')[] {
  const [nearest = []] = offers
    .map((offered) => differencesFrom(mined, offered))
    .toSorted((a, b) => a.length - b.length);
  return nearest;
}

function differencesFrom(mined: Terms, offered: OfferedTerms): ('type' | 'fee')[] {
  const checks = [
    ['type', mined.type === offered.type],
    ['fee', hasSameFee(mined, offered)],
  ] as const;
  return checks.filter(([, equal]) => !equal).map(([field]) => field);
}

function hasSameFee(a: OfferedTerms, b: OfferedTerms): boolean {
  return (
    a.gasLimit === b.gasLimit &&
    a.maxFeePerGas === b.maxFeePerGas &&
    a.maxPriorityFeePerGas === b.maxPriorityFeePerGas
  );
}
