import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTES } from '@ironforge/contracts';
import { listen } from '@ironforge/service-kit';
import { Interface } from 'ethers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { broadcastsWritten } from '../testbed/published.fixture.ts';
import { askReplacement, askReplacementPayload } from '../testbed/replacement.fixture.ts';
import {
  askPayload,
  create,
  created,
  payload,
  read,
  refusalOf,
  replyOf,
  setPolicy,
  sign,
  signedRequest,
  submit,
} from '../testbed/story.fixture.ts';
import { PAYEE, startWorld, type World } from '../testbed/world.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'screening-'));
const path = join(folder, 'list.json');
const loopback = { host: '127.0.0.1', port: 0 };
const BAD = '0x00000000000000000000000000000000000bad01';
const CLEAN = (addresses: string[]) => addresses.map((address) => ({ address, denied: false }));

let world: World;
let provider: Awaited<ReturnType<typeof listen>>;
/** What the screening service answers to these addresses; null for a service that is out of order. */
let resultsFor: (addresses: string[]) => object[] | null;
beforeAll(async () => {
  provider = await listen((request, response) => void serve(request, response), loopback);
  world = await startWorld({ SCREENING_LIST_FILE: path, SCREENING_URL: provider.url });
  await setPolicy(world, 'allow');
});
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks = await Array.fromAsync(request);
  const { addresses } = JSON.parse(Buffer.concat(chunks).toString()) as { addresses: string[] };
  const results = resultsFor(addresses);
  response.writeHead(results === null ? 500 : 200).end(JSON.stringify({ results }));
}
beforeEach(() => {
  writeFileSync(path, '[]');
  resultsFor = CLEAN;
  world.neighbourhood.known.clear();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const SOURCES: readonly [who: string, block: () => void][] = [
  ['list of the tenant', () => void world.neighbourhood.known.set(PAYEE.toLowerCase(), ['blocked'])],
  ['list of the installation', () => writeFileSync(path, JSON.stringify([{ address: PAYEE.toLowerCase() }]))],
  ['screening service', () => void (resultsFor = (all) => all.map((address) => ({ address, denied: true })))],
];

test.each(SOURCES)(
  'what the %s blocks is rejected at submission, whatever the rules say',
  async (who, block) => {
    block();
    const request = await created(world, world.addWallet().id);
    expect(request).toMatchObject({ status: 'rejected', reason: 'screening_denied', required: [] });
    expect(request.policy?.explanation).toEqual([
      { rule: 'address screening', matched: true, why: `${PAYEE} is blocked by the ${who}` },
    ]);
  },
);

test.each(SOURCES)('what the %s blocks later is rejected when the payload is asked for', async (_, block) => {
  const { id } = await created(world, world.addWallet().id);
  block();
  expect(refusalOf(await askPayload(world, id))).toBe('409 illegal_transition');
  expect(await read(world, id)).toMatchObject({ status: 'rejected', reason: 'screening_denied' });
});

test.each(SOURCES)(
  'what the %s blocks last of all is rejected when it is signed, and never sent',
  async (_, block) => {
    const wallet = world.addWallet();
    const { id } = await created(world, wallet.id);
    const offer = await payload(world, id);
    block();
    expect(refusalOf(await submit(world, offer, sign(wallet.key, offer)))).toBe('409 illegal_transition');
    expect(await read(world, id)).toMatchObject({ status: 'rejected', reason: 'screening_denied' });
    expect(await broadcastsWritten(world, id)).toBe(0);
  },
);

test.each<[string, () => void]>([
  ['the list is gone', () => rmSync(path)],
  ['the list is broken', () => writeFileSync(path, '[{"adress":"0x"}]')],
  ['the service fails', () => void (resultsFor = () => null)],
  ['the service leaves an address out', () => void (resultsFor = () => [])],
])('while %s nothing is taken, leased or signed, and nothing is lost', async (_, breakIt) => {
  const wallet = world.addWallet();
  const waiting = await created(world, wallet.id);
  const leased = await payload(world, (await created(world, wallet.id)).id);
  breakIt();
  expect(refusalOf(await create(world, wallet.id))).toBe('503 screening_unavailable');
  expect(refusalOf(await askPayload(world, waiting.id))).toBe('503 screening_unavailable');
  const bytes = sign(wallet.key, leased);
  expect(refusalOf(await submit(world, leased, bytes))).toBe('503 screening_unavailable');
  writeFileSync(path, '[]');
  resultsFor = CLEAN;
  expect(await read(world, waiting.id)).toMatchObject({ status: 'approved' });
  expect(replyOf(await submit(world, leased, bytes))).toMatchObject({ status: 'signed' });
});

describe('an address in the call data', () => {
  const calls = new Interface(['function transfer(address,uint256)', 'function multicall(bytes[])']);
  const transfer = calls.encodeFunctionData('transfer', [BAD, 1n]);

  test.each([
    ['of a call', transfer],
    ['of a call inside a call', calls.encodeFunctionData('multicall', [[transfer]])],
    ['at the end of the most call data, full of what looks like addresses', `0xac9650d8${fullOf(transfer)}`],
  ])('%s counts as well', async (_, data) => {
    const { id } = await walletThatCalls(['transfer(address,uint256)', 'multicall(bytes[])']);
    expect(await created(world, id, { data })).toMatchObject({ status: 'approved' });
    writeFileSync(path, JSON.stringify([{ address: BAD, reason: 'a test' }]));
    expect(await created(world, id, { data })).toMatchObject({ reason: 'screening_denied' });
  });
});

/** Words of which each reads as five addresses, and at their end a call. */
function fullOf(call: string): string {
  const words = Array.from({ length: 2_044 }, (_, nth) => (0x1000_0000 + nth).toString(16).padStart(64, '0'));
  return `${words.join('')}${call.slice(2)}`;
}

async function walletThatCalls(methods: string[]) {
  const rules = [{ name: 'calls', when: { methods }, effect: { type: 'allow' as const } }];
  const body = { name: `calls ${randomUUID()}`, rules };
  const { id: policyId } = replyOf(await world.ask(world.people.admin, ROUTES.createPolicy, { body }));
  const { id } = world.addWallet();
  const wallet = world.neighbourhood.wallets.get(id);
  if (wallet !== undefined) wallet.policyId = policyId;
  return { id };
}

test('a payment that is on its way is not made dearer to a blocked address, and can always be taken back', async () => {
  const { id } = await signedRequest(world, world.addWallet());
  replyOf(await askReplacement(world, id, 'speed_up'));
  world.neighbourhood.known.set(PAYEE.toLowerCase(), ['blocked']);
  expect(refusalOf(await askReplacementPayload(world, id, 'speed_up'))).toBe('409 illegal_transition');
  resultsFor = () => null;
  replyOf(await askReplacement(world, id, 'cancel'));
  expect(replyOf(await askReplacementPayload(world, id, 'cancel')).kind).toBe('cancel');
});
