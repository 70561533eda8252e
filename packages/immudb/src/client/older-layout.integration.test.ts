import { present } from '@ironforge/kernel';
import { createTestImmudb, hasImmudb, type TestImmudb } from '@ironforge/testing';
import { expect, it } from 'vitest';
import { CALLS } from '../wire/answers.ts';
import { openChannel } from '../wire/channel.ts';
import { createImmudb } from './immudb.ts';
import { entriesNamed, keepState } from './ledger.fixture.ts';

it.skipIf(!hasImmudb())('a database that the server writes in version 0 is proved as well', async () => {
  const server = await createTestImmudb();
  const database = `${server.database}old`;
  expect(await versionWritten(server, database)).toBe(0);
  const states = keepState();
  await using ledger = createImmudb({ ...server, database, states });
  const names = ['a', 'b', 'c', 'd', 'e'];
  for (const name of names) await ledger.setBatch(entriesNamed(`${name}/1`, `${name}/2`, `${name}/3`));
  const batch = entriesNamed('a/1', 'a/2', 'a/3');
  expect(await ledger.setBatch(batch)).toMatchObject({ verified: batch.map(() => ({ txId: 2n })) });
  expect(await ledger.get(Buffer.from('b/2'))).toMatchObject({ verified: { tx: { txId: 3n } } });
  expect(await ledger.state()).toMatchObject({ verified: { txId: 6n } });
});

/** Makes the database, writes its first transaction, and gives the version that its header is of. */
async function versionWritten({ address, user, password }: TestImmudb, name: string): Promise<number> {
  const channel = openChannel({ address, deadlineMs: 10_000 });
  const login = { username: Buffer.from(user), password: Buffer.from(password) };
  const sessionIn = async (databaseName: string) => {
    const opened = await channel.call(CALLS.openSession, { ...login, databaseName });
    return present('read' in opened ? opened.read.sessionID : null, `session in ${databaseName}`);
  };
  try {
    const settings = { writeTxHeaderVersion: { value: 0 } };
    await channel.call(CALLS.createDatabase, { name, settings }, await sessionIn('defaultdb'));
    const setRequest = { KVs: entriesNamed('first') };
    const written = await channel.call(CALLS.verifiableSet, { setRequest }, await sessionIn(name));
    return present('read' in written ? written.read : null, 'a transaction').dualProof.targetTxHeader.version;
  } finally {
    channel.close();
  }
}
