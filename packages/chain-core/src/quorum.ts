import { AppError, hasCode } from '@ironforge/kernel';

/** What one witness says to a question with a good and a bad answer; `silent` is neither. */
export type Word = 'yes' | 'no' | 'silent';

/** Sources that are asked for themselves, and how many of them must deny before a denial counts. */
export interface Jury<Witness> {
  readonly witnesses: readonly Witness[];
  readonly quorum: number;
}

/** One yes is enough; a no needs as many voices as the quorum says, and nobody against them; else it stays open. */
export function verdictOf(words: readonly Word[], quorum: number): 'yes' | 'no' | 'open' {
  if (words.includes('yes')) return 'yes';
  return words.filter((word) => word === 'no').length >= quorum ? 'no' : 'open';
}

/**
 * Puts a question to every witness before a bad answer is believed; an only witness is asked twice, and must deny twice.
 * Throws `dependency_down` (retry later) while too few answer.
 */
export async function hear<Witness>(
  { witnesses, quorum }: Jury<Witness>,
  question: string,
  ask: (witness: Witness) => Promise<Word>,
): Promise<'yes' | 'no'> {
  const [only] = witnesses;
  const isAlone = witnesses.length === 1 && only !== undefined;
  const words = isAlone
    ? [await wordOf(only, ask), await wordOf(only, ask)]
    : await Promise.all(witnesses.map((witness) => wordOf(witness, ask)));
  const verdict = verdictOf(words, isAlone ? words.length : quorum);
  if (verdict !== 'open') return verdict;
  const detail = `too few endpoints answer to: ${question}`;
  throw new AppError('dependency_down', { retry: 'later', detail });
}

async function wordOf<Witness>(witness: Witness, ask: (witness: Witness) => Promise<Word>): Promise<Word> {
  try {
    return await ask(witness);
  } catch (error) {
    if (hasCode(error, 'dependency_down')) return 'silent';
    throw error;
  }
}
