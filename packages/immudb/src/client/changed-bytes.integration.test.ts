import { isDeepStrictEqual } from 'node:util';
import { hasCode } from '@ironforge/kernel';
import {
  createGrpcProxy,
  createTestImmudb,
  type GrpcProxy,
  hasImmudb,
  type TestImmudb,
} from '@ironforge/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../refusal.ts';
import { type Call, CALLS } from '../wire/answers.ts';
import { decodeAnswer } from '../wire/calls.ts';
import { createImmudb, type Immudb } from './immudb.ts';
import { entriesNamed, type KeptState, keepState } from './ledger.fixture.ts';
import type { LedgerState } from './ledger-state.ts';

/** One thing that is asked, and the call whose answer is changed. */
interface Question {
  readonly what: string;
  readonly call: Call<object>;
  readonly ask: (ledger: Immudb) => Promise<Answer<unknown>>;
  /** Fields that may read otherwise without a refusal; what is told must still be the same. */
  readonly unheard?: readonly string[];
  /** Other answers are asked for and proved beside: those may have moved the state. */
  readonly others?: true;
}

const LATE = Buffer.from('late/1');

const QUESTIONS: readonly Question[] = [
  {
    what: 'a batch that is written',
    call: CALLS.verifiableSet,
    ask: (ledger) => ledger.setBatch(entriesNamed('new/1', 'new/2', 'new/3')),
  },
  {
    what: 'an entry older than the kept state',
    call: CALLS.verifiableGet,
    ask: (ledger) => ledger.get(Buffer.from('early/2')),
  },
  {
    what: 'an entry newer than the kept state',
    call: CALLS.verifiableGet,
    ask: (ledger) => ledger.get(LATE),
  },
  {
    what: 'a transaction newer than the kept state',
    call: CALLS.verifiableTxById,
    ask: (ledger) => ledger.state(),
  },
  {
    what: 'all of a transaction that is older than the kept state',
    call: CALLS.wholeTxById,
    ask: (ledger) => ledger.transaction(3n),
  },
  {
    what: 'all of a transaction that is newer than the kept state',
    call: CALLS.wholeTxById,
    ask: (ledger) => ledger.transaction(known.txId + 2n),
  },
  {
    what: 'an entry that is proved to others',
    call: CALLS.verifiableGet,
    ask: (ledger) => ledger.signedEntry({ key: Buffer.from('early/2'), txId: 3n }),
    // The proof from the transaction to itself: the signature is over the header that is told.
    unheard: ['verifiableTx'],
  },
  { what: 'the newest state', call: CALLS.currentState, ask: (ledger) => ledger.state() },
  {
    what: 'the transactions of a history',
    call: CALLS.history,
    ask: (ledger) => ledger.history(LATE),
    // The keys: only the numbers are used, and each is looked up with its proof.
    unheard: ['entries'],
  },
  {
    what: 'the keys that are there of a batch cut in another way',
    call: CALLS.getAll,
    ask: (ledger) => ledger.setBatch(entriesNamed('early/1', 'late/1')),
    // The numbers: only the keys are used, each is read with its proof, and those that are not named are written as new.
    unheard: ['entries'],
    others: true,
  },
];

let server: TestImmudb;
let proxy: GrpcProxy;
let states: KeptState;
let ledger: Immudb;
let known: LedgerState;

describe.skipIf(!hasImmudb())('an answer with one byte changed anywhere', () => {
  beforeAll(async () => {
    const real = await createTestImmudb();
    const calls = Object.values(CALLS).map(({ name }) => name);
    proxy = await createGrpcProxy({ address: real.address, service: 'immudb.schema.ImmuService', calls });
    server = { ...real, address: proxy.address };
    states = keepState();
    ledger = createImmudb({ ...server, states });
    for (let n = 0; n < 10; n++)
      await ledger.setBatch(entriesNamed(`early/${n}`, `beside/${n}`, `third/${n}`));
    known = kept();
    for (let n = 0; n < 5; n++) await ledger.setBatch(entriesNamed(`late/${n}`, `later/${n}`));
  });

  afterAll(async () => {
    await ledger.close();
    await proxy[Symbol.asyncDispose]();
  });

  it.each(QUESTIONS)('is refused, or tells nothing else: $what', async (question) => {
    const { call, unheard = [], others } = question;
    const recorded = await recordAnswer(question);
    const { told: truth, state: after } = await askWith(question, recorded);
    expect(truth).toHaveProperty('verified');
    let refusals = 0;
    for (const { changed, how } of eachByteChanged(recorded)) {
      const { told, state } = await askWith(question, changed);
      const isRefused = 'refused' in told;
      const allowed = isRefused ? [known, ...(others ? [after] : [])] : [after];
      expect([how, allowed]).toEqual([how, expect.arrayContaining([state])]);
      expect([how, isRefused ? truth : told]).toEqual([how, truth]);
      const fields = isRefused ? [] : differences(decodeAnswer(call, recorded), decodeAnswer(call, changed));
      expect([how, unheard]).toEqual([how, expect.arrayContaining(fields)]);
      refusals += isRefused ? 1 : 0;
    }
    expect(refusals).toBeGreaterThan(recorded.length);
  });

  it.each([
    ['batch', CALLS.verifiableSet, (name: string) => ledger.setBatch(entriesNamed(`swapped/${name}`))],
    ['key', CALLS.verifiableGet, (name: string) => ledger.get(Buffer.from(`late/${name}`))],
  ] as const)('is refused as a whole: the right answer to another %s', async (what, call, askFor) => {
    const answer = await recordAnswer({ what, call, ask: () => askFor('3') });
    const { told, state } = await askWith({ what, call, ask: () => askFor('4') }, answer);
    expect([told, state]).toMatchObject([{ refused: { reason: 'not_included' } }, known]);
  });

  it('is refused, is a fault, or tells nothing else: a session that is opened', async () => {
    let length = 0;
    const truth = await inNewSession((bytes) => {
      length = bytes.length;
      return bytes;
    });
    const after = kept();
    expect(truth).toHaveProperty('verified');
    for (let at = 0; at < length; at++) {
      const told = await inNewSession((bytes) => withByteChanged(bytes, at, 0x01));
      const isTold = told !== 'fault' && 'verified' in told;
      expect([at, isTold ? told : truth, kept()]).toEqual([at, truth, isTold ? after : known]);
    }
  });
});

/** The real answer to a question from the known state on; what is written is written once, and the answer told again. */
async function recordAnswer({ call, ask }: Question): Promise<Buffer> {
  let recorded: Buffer | null = null;
  states.reset(known);
  proxy.interfere(async (name, real) => {
    const bytes = await real();
    if (name === call.name) recorded ??= bytes;
    return bytes;
  });
  await ask(ledger);
  if (recorded === null) throw new Error(`${call.name} was not asked`);
  return recorded;
}

/** What is told from the known state on when the call is answered with these bytes, and the state that is kept then. */
async function askWith({ call, ask }: Question, answer: Buffer) {
  states.reset(known);
  proxy.interfere((name, real) => (name === call.name ? answer : real()));
  return { told: await ask(ledger), state: kept() };
}

/** What a new client is told when one byte of its session's answer is changed; a fault when the session is none. */
async function inNewSession(change: (bytes: Buffer) => Buffer): Promise<Answer<unknown> | 'fault'> {
  states.reset(known);
  proxy.interfere(async (name, real) =>
    name === CALLS.openSession.name ? change(await real()) : await real(),
  );
  await using fresh = createImmudb({ ...server, states });
  try {
    return await fresh.get(Buffer.from('early/2'));
  } catch (error) {
    if (hasCode(error, 'dependency_down')) return 'fault';
    throw error;
  }
}

/** Each byte is changed in its lowest bit and in its highest, and the answer ends before it. */
function* eachByteChanged(bytes: Buffer) {
  for (let at = 0; at < bytes.length; at++) {
    yield { changed: bytes.subarray(0, at), how: `cut after ${at} of ${bytes.length} bytes` };
    for (const bits of [0x01, 0x80]) {
      yield { changed: withByteChanged(bytes, at, bits), how: `byte ${at} of ${bytes.length}, bits ${bits}` };
    }
  }
}

function withByteChanged(bytes: Buffer, at: number, bits: number): Buffer {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(bytes.readUInt8(at) ^ bits, at);
  return changed;
}

/** The fields in which two answers differ as they are read. */
function differences(one: ReturnType<typeof decodeAnswer<object>>, other: typeof one): string[] {
  if (!('read' in one) || !('read' in other)) return ['all'];
  const [before, now] = [new Map(Object.entries(one.read)), new Map(Object.entries(other.read))];
  return [...before.keys()].filter((name) => !isDeepStrictEqual(before.get(name), now.get(name)));
}

function kept(): LedgerState {
  const state = states.kept();
  if (state === null) throw new Error('a state is kept');
  return state;
}
