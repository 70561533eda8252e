import { isStateSigned, parseServerKeys } from '@ironforge/audit-log';
import { createFaultProxy, createTestImmudb, hasImmudb, type TestImmudb } from '@ironforge/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../refusal.ts';
import { createImmudb, type Immudb } from './immudb.ts';
import type { TxRef } from './ledger.ts';
import { entriesNamed, type KeptState, keepState } from './ledger.fixture.ts';
import { MAX_BATCH_ENTRIES } from './set-batch.ts';

let place: TestImmudb;
let states: KeptState;
let ledger: Immudb;

const txsOf = (answer: Answer<readonly TxRef[]>) => ('verified' in answer ? answer.verified : []);
const named = (name: string) => Buffer.from(name);
const numbered = (prefix: string, count: number) =>
  entriesNamed(...Array.from({ length: count }, (_, n) => `${prefix}/${n}`));

describe.skipIf(!hasImmudb())('a ledger in immudb', () => {
  beforeAll(async () => {
    place = await createTestImmudb();
    states = keepState();
    ledger = createImmudb({ ...place, states });
    return () => ledger.close();
  });

  it('is empty at first', async () => {
    expect(await ledger.state()).toEqual({ verified: null });
    expect(await ledger.get(named('nothing'))).toEqual({ verified: null });
    expect(await ledger.history(named('nothing'))).toEqual({ verified: [] });
  });

  it('gives back what was written, with the transaction that holds it, and moves the kept state to it', async () => {
    const [tx] = txsOf(await ledger.setBatch(entriesNamed('a', 'b', 'c')));
    expect(tx?.txHash).toMatch(/^[0-9a-f]{64}$/);
    expect(states.kept()).toMatchObject({ database: place.database, ...tx });
    const value = { key: named('b'), value: named('value of b'), tx };
    expect(await ledger.get(named('b'))).toEqual({ verified: value });
    expect(await ledger.history(named('b'))).toEqual({ verified: [value] });
    expect(await ledger.state()).toEqual({ verified: tx });
  });

  it('gives a whole transaction with everything that is in it, and nothing else, and leaves the kept state', async () => {
    const entries = entriesNamed('whole/1', 'whole/2', 'whole/3');
    const [tx] = txsOf(await ledger.setBatch(entries));
    await ledger.setBatch(entriesNamed('after the whole'));
    const before = states.kept();
    expect(await ledger.transaction(tx?.txId ?? 0n)).toEqual({ verified: { tx, entries } });
    expect(states.kept()).toEqual(before);
  });

  it('gives what proves an entry to whoever has the key of the server, and no state', async () => {
    const [tx] = txsOf(await ledger.setBatch(entriesNamed('shown/1', 'shown/2', 'shown/3')));
    await ledger.setBatch(entriesNamed('after the shown'));
    const txId = tx?.txId ?? 0n;
    const before = states.kept();
    const told = await ledger.signedEntry({ key: named('shown/2'), txId });
    expect(states.kept()).toEqual(before);
    const shown = 'verified' in told ? told.verified : null;
    expect(shown).toMatchObject({
      value: named('value of shown/2'),
      index: 1,
      header: { id: txId, nentries: 3 },
    });
    const parsed = parseServerKeys(place.serverPublicKey);
    const [key] = 'keys' in parsed ? parsed.keys : [];
    const state = { database: place.database, id: txId, hash: Buffer.from(tx?.txHash ?? '', 'hex') };
    expect(key && shown && isStateSigned(key, state, shown.signature)).toBe(true);
    await expect(ledger.signedEntry({ key: named('shown/2'), txId: txId + 1n })).rejects.toMatchObject({
      code: 'dependency_down',
    });
  });

  it('writes a batch once, however often it is asked', async () => {
    const first = await ledger.setBatch(entriesNamed('once', 'twice'));
    const again = await ledger.setBatch(entriesNamed('once', 'twice'));
    expect(again).toEqual(first);
    expect(await ledger.history(named('once'))).toMatchObject({ verified: [{}] });
  });

  it('writes what is missing of a batch that was cut in another way, and names the transaction of each entry', async () => {
    const [first] = txsOf(await ledger.setBatch(entriesNamed('cut/1', 'cut/2')));
    const [third, second, ...none] = txsOf(await ledger.setBatch(entriesNamed('cut/3', 'cut/2')));
    expect([second, none]).toEqual([first, []]);
    expect(third?.txId).toBe((first?.txId ?? 0n) + 1n);
    const all = txsOf(await ledger.setBatch(entriesNamed('cut/1', 'cut/3', 'cut/4', 'cut/2')));
    expect(all).toEqual([first, third, expect.anything(), first]);
    expect(all[2]?.txId).toBe((third?.txId ?? 0n) + 1n);
  });

  it('never writes another value over one that is there, and names the key', async () => {
    await ledger.setBatch(entriesNamed('fixed'));
    const other = await ledger.setBatch([
      { key: named('fixed'), value: named('other') },
      ...entriesNamed('new'),
    ]);
    const detail = 'key fixed holds another value since transaction';
    expect(other).toMatchObject({ refused: { reason: 'other_value' } });
    expect('refused' in other && other.refused.detail).toContain(detail);
    expect(await ledger.get(named('new'))).toEqual({ verified: null });
  });

  it('takes as many entries as fit into a transaction, and stops at more', async () => {
    const full = numbered('full', MAX_BATCH_ENTRIES);
    const written = await ledger.setBatch(full);
    expect(await ledger.setBatch(full)).toEqual(written);
    expect(await ledger.get(named(`full/${MAX_BATCH_ENTRIES - 1}`))).toMatchObject({ verified: {} });
    await expect(ledger.setBatch(numbered('more', MAX_BATCH_ENTRIES + 1))).rejects.toThrow('a batch of 1025');
    await expect(ledger.setBatch(entriesNamed('same', 'same'))).rejects.toThrow('twice');
    await expect(ledger.setBatch([])).rejects.toThrow('a batch of 0');
  });

  it('proves old entries from a state that is far beyond them, and a new state from an old one', async () => {
    const before = states.kept();
    for (let n = 0; n < 20; n++) await ledger.setBatch(entriesNamed(`later/${n}`));
    expect(await ledger.get(named('a'))).toMatchObject({ verified: { tx: { txId: 1n } } });
    const after = states.kept();
    states.reset(before);
    expect(await ledger.state()).toEqual({ verified: { txId: after?.txId, txHash: after?.txHash } });
    expect(states.kept()).toEqual(after);
  });
});

describe.skipIf(!hasImmudb())('two processes with one kept state', () => {
  it('are proved to follow one history: what one moved, the other proves its own anew from', async () => {
    const [shared, server] = [keepState(), await createTestImmudb()];
    await using one = createImmudb({ ...server, states: shared });
    await using other = createImmudb({ ...server, states: shared });
    const writes = Array.from({ length: 20 }, (_, n) =>
      (n % 2 ? one : other).setBatch(entriesNamed(`shared/${n}`)),
    );
    const txs = (await Promise.all(writes)).flatMap(txsOf);
    expect(new Set(txs.map(({ txId }) => txId)).size).toBe(20);
    expect(shared.kept()?.txId).toBe(20n);
  });

  it('write one batch once when both write it at the same time', async () => {
    const server = await createTestImmudb();
    await using one = createImmudb({ ...server, states: keepState() });
    await using other = createImmudb({ ...server, states: keepState() });
    const batch = entriesNamed('both/1', 'both/2');
    const [first, second] = await Promise.all([one.setBatch(batch), other.setBatch(batch)]);
    expect(second).toEqual(first);
    expect(await one.state()).toMatchObject({ verified: { txId: 1n } });
  });
});

async function expectAway(asked: Promise<unknown>): Promise<void> {
  await expect(asked).rejects.toMatchObject({ code: 'dependency_down', retry: 'later' });
  await expect(asked).rejects.toThrow('immudb does not answer');
}

describe.skipIf(!hasImmudb())('a server that is away', () => {
  it('is a fault that may be asked again, and is used again once it is back, on another connection if need be', async () => {
    const server = await createTestImmudb();
    await using link = await createFaultProxy(`tcp://${server.address}`);
    const address = `${link.host}:${link.port}`;
    await using distant = createImmudb({ ...server, address, states: keepState(), deadlineMs: 1_000 });
    const written = await distant.setBatch(entriesNamed('far'));
    link.refuse();
    await expectAway(distant.get(named('far')));
    link.heal();
    await expect
      .poll(() => distant.setBatch(entriesNamed('far')).catch(() => null), PATIENCE)
      .toEqual(written);
    let dead: object | null = null;
    link.onRequest((_, connection) => (connection === (dead ??= connection) ? 'drop' : 'pass'));
    await expectAway(distant.state());
    expect(await distant.setBatch(entriesNamed('far'))).toEqual(written);
  });

  const PATIENCE = { timeout: 20_000 };
});
