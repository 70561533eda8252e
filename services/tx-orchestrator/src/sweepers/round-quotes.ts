import { askQuote, isWithoutQuote, type Quote, type QuoteQuestion } from '../asks/quote.ts';
import type { OrchestratorDeps } from '../deps.ts';

/** Asks chains in one round of a sweep. */
export interface RoundQuotes {
  /** True of a chain that gave no answer: asked again in the next round, since each question may take its full time-out. */
  readonly isSilent: (chainId: string) => boolean;
  readonly ask: (question: QuoteQuestion) => Promise<Quote>;
}

/** Makes the questions of one round, which remember what chains gave no answer. */
export function createRoundQuotes(deps: Pick<OrchestratorDeps, 'call'>): RoundQuotes {
  const silent = new Set<string>();
  return {
    isSilent: (chainId) => silent.has(chainId),
    ask: async (question) =>
      await askQuote(deps, question).catch((error: unknown) => {
        if (isWithoutQuote(error)) silent.add(question.chainId);
        throw error;
      }),
  };
}
