import { type Anvil, createFaultProxy, type FaultProxy, waitUntil } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALICE, CAROL } from '../chain-play.fixture.ts';
import { newIds } from '../service-play.fixture.ts';
import { startWorld, type World } from '../world.fixture.ts';

let world: World;
let line: FaultProxy;

beforeEach(async () => {
  world = await startWorld(behindLine);
  await world.startWatcher();
  await world.watch(ALICE);
});
afterEach(async () => {
  for (const part of [world, line]) await part[Symbol.asyncDispose]();
});

describe('bytes whose line breaks while they are sent', () => {
  it('are told as of unknown outcome when no node has them, and accepted when they are sent again', async () => {
    const { payload, ids } = await signed();
    line.onRequest((chunk) => (isSending(chunk) ? 'reset' : 'pass'));
    await world.broadcast(payload, ids);
    const refused = await world.hear('chain.tx_refused', () => true);
    expect(refused).toMatchObject({ ...ids, reason: 'outcome_unknown' });
    line.heal();
    await sentAgain(payload, ids);
    expect(world.all('chain.tx_refused')).toHaveLength(1);
  });

  it('are accepted when their answer alone is lost, for a node says that it has them', async () => {
    const { payload, ids } = await signed();
    loseAnswers();
    await world.broadcast(payload, ids);
    await world.hear('chain.tx_accepted', ({ attemptId }) => attemptId === ids.attemptId);
    expect(world.all('chain.tx_refused')).toEqual([]);
  });

  it('are of unknown outcome when nobody can be asked for them after that, until a node says that it has them', async () => {
    const { payload, ids } = await signed();
    loseAnswers(line.refuse);
    await world.broadcast(payload, ids);
    await world.hear('chain.tx_refused', ({ reason }) => reason === 'outcome_unknown');
    expect(await world.anvil.rpc('eth_getTransactionByHash', [payload.txHash])).not.toBeNull();
    line.heal();
    await sentAgain(payload, ids);
  });

  it('are told nothing new of when a node had them before: they wait alone', async () => {
    const { payload, ids } = await signed();
    await sentAgain(payload, ids);
    loseAnswers(line.refuse);
    await world.broadcast(payload, ids);
    await waitUntil('the command to wait', () => waiting().length > 0);
    expect(world.all('chain.tx_refused')).toEqual([]);
    line.heal();
    await waitUntil('a second answer', () => world.all('chain.tx_accepted').length === 2);
  });
});

describe('bytes that never left', () => {
  it('wait alone and are told nothing of: the node refused the line', async () => {
    const { payload, ids } = await signed();
    line.refuse();
    await world.broadcast(payload, ids);
    await waitUntil('the command to wait', () => waiting().length > 0);
    expect(world.all('chain.tx_refused')).toEqual([]);
    line.heal();
    await world.hear('chain.tx_accepted', ({ attemptId }) => attemptId === ids.attemptId);
  });
});

async function behindLine({ rpcUrl }: Anvil) {
  line = await createFaultProxy(rpcUrl);
  return { rpcUrls: [line.urlFor(rpcUrl)] };
}

async function signed() {
  const bytes = await world.sign({ from: ALICE, to: CAROL, value: '0x1', nonce: '0x0' });
  return { payload: { address: ALICE, nonce: 0, ...bytes }, ids: newIds() };
}

async function sentAgain(...[payload, ids]: Required<Parameters<World['broadcast']>>) {
  await world.broadcast(payload, ids);
  await world.hear('chain.tx_accepted', ({ attemptId }) => attemptId === ids.attemptId);
}

/** The node gets the bytes; the line over which it answers breaks, and what is given happens with it. */
function loseAnswers(then: () => void = () => undefined): void {
  const sending = new Set<object>();
  line.onRequest((chunk, connection) => {
    if (isSending(chunk)) sending.add(connection);
    return 'pass';
  });
  line.onAnswer((_chunk, connection) => {
    if (!sending.has(connection)) return 'pass';
    then();
    return 'reset';
  });
}

function isSending(chunk: Buffer): boolean {
  return chunk.includes('eth_sendRawTransaction');
}

function waiting() {
  const isCommand = (queue: unknown) => queue === 'tx_broadcast.evm';
  return world.log.lines.filter(
    ({ message, fields }) => message === 'a message waits alone' && isCommand(fields['queue']),
  );
}
