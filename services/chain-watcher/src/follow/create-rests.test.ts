import { expect, it } from 'vitest';
import { createRests, type Rest } from './create-rests.ts';
import type { PassResult } from './pass-result.ts';

const WS = 'ws://node.example';

it.each<[string, string | undefined, readonly PassResult[], readonly Rest[]]>([
  ['after blocks were applied', WS, ['more', 'tip', 'tip'], ['none', 'until_heard', 'until_heard']],
  ['once more where an announced block is not known yet', WS, ['nothing', 'tip'], ['short', 'until_heard']],
  [
    'and no more than that, until it is heard of again',
    WS,
    ['nothing', 'nothing', 'nothing', 'nothing'],
    ['short', 'until_heard', 'short', 'until_heard'],
  ],
  ['not twice where nothing is announced', undefined, ['nothing', 'nothing'], ['until_heard', 'until_heard']],
  ['soon where it cannot go on', WS, ['stands', 'wait', 'nothing'], ['short', 'short', 'short']],
])('a chain is looked at again %s', (_when, wsUrl, results, rests) => {
  const restAfter = createRests({ config: { wsUrl } });
  expect(results.map(restAfter)).toEqual(rests);
});
