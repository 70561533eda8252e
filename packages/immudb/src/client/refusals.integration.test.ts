import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestImmudb, hasImmudb, newSigningKey, type OwnImmudb, startImmudb } from '@ironforge/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureDatabase } from './administer.ts';
import { createImmudb, type Immudb } from './immudb.ts';
import { entriesNamed, type KeptState, keepState } from './ledger.fixture.ts';

const DATABASE = 'ledger';
const signingKey = newSigningKey();

let folder: string;
let dir: string;
let server: OwnImmudb;
let states: KeptState;

const portOf = ({ address }: OwnImmudb) => Number(address.split(':')[1]);
const client = () => createImmudb({ ...server, database: DATABASE, states });
const refusedFor = (reason: string) => ({ refused: { reason } });

/** Kills the server, does something to its folder, and starts one on the same port. */
async function replaceServer(change: () => void, options: Partial<Parameters<typeof startImmudb>[0]> = {}) {
  const port = portOf(server);
  await server[Symbol.asyncDispose]();
  change();
  server = await startImmudb({ dir, signingKey, port, ...options });
}

/** What each way in says, with a client that is new and with one that was connected before. */
async function allSay(ledgers: readonly Immudb[], refusal: object): Promise<void> {
  for (const ledger of ledgers) {
    expect(await ledger.state()).toMatchObject(refusal);
    expect(await ledger.get(Buffer.from('a'))).toMatchObject(refusal);
    expect(await ledger.history(Buffer.from('a'))).toMatchObject(refusal);
    expect(await ledger.setBatch(entriesNamed(`n/${Math.random()}`))).toMatchObject(refusal);
  }
}

/** Changes the last letter of a text wherever it stands in the files of a folder; gives how often. */
function changeOnDisk(folderOnDisk: string, text: string): number {
  const files = readdirSync(folderOnDisk, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  return files.reduce((count, { parentPath, name }) => {
    const bytes = readFileSync(join(parentPath, name));
    const at = bytes.indexOf(text);
    if (at < 0) return count;
    bytes.write('X', at + text.length - 1);
    writeFileSync(join(parentPath, name), bytes);
    return count + 1;
  }, 0);
}

describe.skipIf(!hasImmudb())('a server that was known', () => {
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ironforge-immudb-'));
    dir = join(folder, 'server');
    server = await startImmudb({ dir, signingKey });
    await ensureDatabase(server, DATABASE);
    states = keepState();
  });

  afterEach(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  it('goes on after it was killed and started again', async () => {
    await using ledger = client();
    const written = await ledger.setBatch(entriesNamed('a'));
    await replaceServer(() => undefined);
    await expect.poll(() => ledger.setBatch(entriesNamed('a')).catch(() => null), PATIENCE).toEqual(written);
    expect(await ledger.setBatch(entriesNamed('b'))).toMatchObject({ verified: [{ txId: 2n }] });
  });

  it('is refused when an older copy of its data was restored, and the kept state stays', async () => {
    await using connected = client();
    await connected.setBatch(entriesNamed('a'));
    await replaceServer(() => cpSync(dir, join(folder, 'copy'), { recursive: true }));
    await expect.poll(() => connected.setBatch(entriesNamed('b')).catch(() => null), PATIENCE).toBeTruthy();
    const kept = states.kept();
    expect(kept?.txId).toBe(2n);
    await replaceServer(() => {
      rmSync(dir, { recursive: true });
      cpSync(join(folder, 'copy'), dir, { recursive: true });
    });
    await expect.poll(() => connected.state().catch(() => null), PATIENCE).toBeTruthy();
    await using fresh = client();
    await allSay([connected, fresh], refusedFor('older_state'));
    expect(states.kept()).toEqual(kept);
  });

  it('is refused when an older copy was restored and others have written to it since', async () => {
    await using connected = client();
    await connected.setBatch(entriesNamed('a'));
    await replaceServer(() => cpSync(dir, join(folder, 'copy'), { recursive: true }));
    await expect.poll(() => connected.setBatch(entriesNamed('b')).catch(() => null), PATIENCE).toBeTruthy();
    const kept = states.kept();
    await replaceServer(() => {
      rmSync(dir, { recursive: true });
      cpSync(join(folder, 'copy'), dir, { recursive: true });
    });
    await using stranger = createImmudb({ ...server, database: DATABASE, states: keepState() });
    for (const name of ['x', 'y', 'z']) await stranger.setBatch(entriesNamed(name));
    await expect.poll(() => connected.state().catch(() => null), PATIENCE).toBeTruthy();
    await using fresh = client();
    await allSay([connected, fresh], refusedFor('forked'));
    expect(states.kept()).toEqual(kept);
    // The writes that were refused never reached the restored copy.
    expect(await stranger.state()).toMatchObject({ verified: { txId: 4n } });
  });

  it.each([
    ['its own key', newSigningKey()],
    ['the same key', signingKey],
  ])('is refused when another server with %s stands under its address', async (_, key) => {
    await using connected = client();
    await connected.setBatch(entriesNamed('a'));
    const kept = states.kept();
    await replaceServer(() => undefined, { dir: join(folder, 'other'), signingKey: key });
    await ensureDatabase(server, DATABASE);
    await expect.poll(() => connected.state().catch(() => null), PATIENCE).toBeTruthy();
    await using fresh = client();
    await allSay([connected, fresh], refusedFor('other_server'));
    expect(states.kept()).toEqual(kept);
  });

  it('never tells a value that was changed on the disk', async () => {
    await using ledger = client();
    await ledger.setBatch(entriesNamed('a', 'b'));
    const kept = states.kept();
    let changed = 0;
    await replaceServer(() => (changed = changeOnDisk(join(dir, 'data', DATABASE), 'value of a')));
    expect(changed).toBeGreaterThan(0);
    await expect.poll(() => ledger.get(Buffer.from('b')).catch(() => null), PATIENCE).toBeTruthy();
    const told = ledger.get(Buffer.from('a'));
    await expect(told).rejects.toThrow('corrupted');
    await expect(told).rejects.toMatchObject({ code: 'dependency_down' });
    expect(states.kept()).toEqual(kept);
  });

  const PATIENCE = { timeout: 30_000 };
});

describe.skipIf(!hasImmudb())('a server that is not known yet', () => {
  it('is not believed when it signs with another key than the pinned one', async () => {
    const place = await createTestImmudb();
    const key = newSigningKey().export({ type: 'pkcs8', format: 'pem' }).toString();
    const kept = keepState();
    await using ledger = createImmudb({ ...place, serverPublicKey: key, states: kept });
    await allSay([ledger], refusedFor('bad_signature'));
    expect(kept.kept()).toBeNull();
  });
});
