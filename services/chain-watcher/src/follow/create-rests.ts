import type { Chain } from '../chains.ts';
import type { PassResult } from './pass-result.ts';

/** For how long a chain is left alone: not at all, for a moment, or until its node is heard of. */
export type Rest = 'none' | 'short' | 'until_heard';

/**
 * Tells what rest follows each pass. What one endpoint announces another may not know yet, so a chain with announcements is looked
 * at once more when there was nothing; without them it is looked at often anyway.
 */
export function createRests({
  config,
}: {
  readonly config: Pick<Chain['config'], 'wsUrl'>;
}): (result: PassResult) => Rest {
  let looksAgain = false;
  return (result) => {
    looksAgain = result === 'nothing' && config.wsUrl !== undefined && !looksAgain;
    return looksAgain ? 'short' : RESTS[result];
  };
}

const RESTS: Readonly<Record<PassResult, Rest>> = {
  more: 'none',
  tip: 'until_heard',
  nothing: 'until_heard',
  wait: 'short',
  stands: 'short',
};
