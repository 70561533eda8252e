import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type TxHeader, txHash } from '@ironforge/audit-log';
import { createTestImmudb, hasImmudb, type TestImmudb } from '@ironforge/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createImmudb } from '../client/immudb.ts';
import { keepState } from '../client/ledger.fixture.ts';
import { CALLS } from '../wire/answers.ts';
import { openChannel } from '../wire/channel.ts';

const KEY = 'written by the published SDK';
const State = z.object({ txid: z.int(), txhash: z.array(z.int()).transform((bytes) => Buffer.from(bytes)) });
const Seen = z.object({
  installed: z.array(z.int()),
  said: z.string(),
  survived: z.boolean(),
  state: z.object({ undefined: z.object({ defaultdb: State }) }),
});

let server: TestImmudb;
let seen: z.output<typeof Seen>;

// Why this package exists (docs/adr/0044): when a newer SDK makes this fail, it is time to look at it again.
describe.skipIf(!hasImmudb())('immudb-node 1.1.1 against the server of today', () => {
  beforeAll(async () => {
    server = await createTestImmudb();
    seen = await useSdk(server);
  });

  it('cannot prove what it wrote, though the server proves it to us', async () => {
    expect(seen.said).toBe('rejected');
    await using ledger = createImmudb({ ...server, database: 'defaultdb', states: keepState() });
    expect(await ledger.get(Buffer.from(KEY))).toMatchObject({ verified: { value: Buffer.from('value') } });
  });

  it('computes the hash of a header of version 0, where the server writes version 1', async () => {
    const { txid, txhash } = seen.state.undefined.defaultdb;
    const header = await headerOf(server, txid);
    expect(header.version).toBe(1);
    expect(txhash).toEqual(Buffer.from(txHash({ ...header, version: 0 })));
    expect(txhash).not.toEqual(Buffer.from(txHash(header)));
  });

  it('keeps the state whose proof failed as the one that it starts from next time, under no server at all', async () => {
    await using ledger = createImmudb({ ...server, database: 'defaultdb', states: keepState() });
    const written = await ledger.get(Buffer.from(KEY));
    const { txid, txhash } = seen.state.undefined.defaultdb;
    expect(written).toMatchObject({ verified: { tx: { txId: BigInt(txid) } } });
    expect(written).not.toMatchObject({ verified: { tx: { txHash: txhash.toString('hex') } } });
  });

  it('takes uncaught exceptions and Ctrl-C away from the whole process', () => {
    expect(seen).toMatchObject({ installed: [1, 1], survived: true });
  });
});

async function useSdk({ address, user, password }: TestImmudb): Promise<z.output<typeof Seen>> {
  const script = join(import.meta.dirname, 'use-published-sdk.fixture.ts');
  const args = ['--disable-warning=ExperimentalWarning', script, address, user, KEY];
  const env = { ...process.env, IMMUDB_PASSWORD: password };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return Seen.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

async function headerOf({ address, user, password }: TestImmudb, tx: number): Promise<TxHeader> {
  const channel = openChannel({ address, deadlineMs: 10_000 });
  try {
    const login = { username: Buffer.from(user), password: Buffer.from(password), databaseName: 'defaultdb' };
    const opened = await channel.call(CALLS.openSession, login);
    const session = 'read' in opened ? opened.read.sessionID : '';
    const shown = await channel.call(CALLS.verifiableTxById, { tx: String(tx), proveSinceTx: '0' }, session);
    if (!('read' in shown)) throw new Error('the server shows its transaction');
    return shown.read.dualProof.targetTxHeader;
  } finally {
    channel.close();
  }
}
