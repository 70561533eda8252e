import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { environment } from '../world/environment.ts';
import { askNode } from '../world/node.ts';
import { freezePart, killPart } from './fleet.ts';
import { landed, prepareFlight, startFlight } from './flight.ts';
import { expectExactlyOnce } from './oracle.ts';
import { flushRedis } from './redis.ts';

const K = 2;
const MIDWAY_MS = 1_500;

type Fault = readonly [what: string, inflict: () => Promise<unknown>];

const kills: readonly Fault[] = environment.services.map(({ name }) => [
  `kill -9 of ${name}`,
  () => killPart(name),
]);
const reorgs: readonly Fault[] = Array.from({ length: K + 1 }, (_, index) => index + 1).map((depth) => [
  `a reorg of depth ${depth} that drops what was mined`,
  () => askNode('anvil_reorg', depth, []),
]);
const others: readonly Fault[] = [
  ['the broker killed and started again', () => killPart('rabbitmq')],
  ['Redis emptied', flushRedis],
  ['the node standing still for 10 s', () => freezePart('anvil', 10_000)],
];

describe('fifty payments under way survive', () => {
  it.for([...kills, ...others, ...reorgs])('%s', async ([, inflict], { annotate }) => {
    const flight = startFlight(await prepareFlight());
    await sleep(MIDWAY_MS);
    const startedAt = performance.now();
    await inflict();
    const requests = await landed(flight);
    const recoveryMs = Math.round(performance.now() - startedAt);
    expect(requests).toHaveLength(50);
    await expectExactlyOnce(flight, requests);
    await annotate(`injected 1, lost 0, duplicated 0, recovery ${recoveryMs} ms`);
  });
});
