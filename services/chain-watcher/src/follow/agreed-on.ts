import type { Block, ChainWitness, Jury } from '@ironforge/chain-core';
import { hasCode } from '@ironforge/kernel';

/** The block as enough endpoints show it, and more than show it in any other way; an only one is asked twice. Null when they differ, or too few answer. */
export async function agreedOn(
  { witnesses, quorum }: Jury<ChainWitness>,
  hash: string,
): Promise<Block | null> {
  const [only] = witnesses;
  const asked = witnesses.length === 1 && only !== undefined ? [only, only] : witnesses;
  const answers = asked.map((witness) => witness.blockByHash(hash).catch(unlessSilent(null)));
  const blocks = (await Promise.all(answers)).filter((block) => block !== null);
  const groups = [...Map.groupBy(blocks, outcomesOf).values()].toSorted((a, b) => b.length - a.length);
  const [most = [], second = []] = groups;
  const needed = asked === witnesses ? quorum : asked.length;
  return most.length >= needed && most.length > second.length ? (most[0] ?? null) : null;
}

function outcomesOf({ transactions }: Block): string {
  return transactions.map(({ hash, success }) => `${hash} ${success}`).join();
}

/** What stands for the answer of whoever does not answer; any other fault is thrown on. */
export function unlessSilent<T>(instead: T): (error: unknown) => T {
  return (error) => {
    if (hasCode(error, 'dependency_down')) return instead;
    throw error;
  };
}
