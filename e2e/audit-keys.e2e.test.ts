import { createHash, generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  createTestDatabase,
  createTestVhost,
  spawnBound,
  type TestDatabase,
  type TestVhost,
  waitUntil,
} from '@ironforge/testing';
import { connect } from 'amqplib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifyLogIn } from './world/audit-log.ts';
import { present } from './world/present.ts';

/** An audit service of the test's own, since what it signs by is changed: A, then B with A at hand, then C alone. */
const MAIN = resolve(import.meta.dirname, '../services/audit/src/main.ts');
const ORIGIN = 'keys.example/audit';
const tenantId = randomUUID();
const [a, b, c] = [newKey(), newKey(), newKey()];
const folder = mkdtempSync(join(tmpdir(), 'audit-keys-'));
const stack = new AsyncDisposableStack();
let database: TestDatabase;
let vhost: TestVhost;

beforeAll(async () => {
  database = stack.use(await createTestDatabase());
  vhost = stack.use(await createTestVhost());
  await sealedBy({ AUDIT_SIGNING_KEY: a.secret }, 3);
  await sealedBy({ AUDIT_SIGNING_KEY: b.secret, AUDIT_PREVIOUS_SIGNING_KEY: a.secret }, 3);
  await sealedBy({ AUDIT_SIGNING_KEY: c.secret }, 3);
});

afterAll(async () => {
  await stack.disposeAsync();
  rmSync(folder, { recursive: true });
});

it('a log that went on with other keys twice is whole, by all of them and from every kept checkpoint', async () => {
  expect(await verify(a, b, c)).toMatchObject({ exitCode: 0, findings: [], entries: 11 });
  for (const { size, note } of await checkpoints()) {
    const since = fileWith(`kept-${size}.txt`, note);
    expect(await verifyWith([a, b, c], '--since', since)).toMatchObject({ exitCode: 0, findings: [] });
  }
});

it('what another key has signed is found when that key is not among those that are trusted', async () => {
  const { exitCode, findings } = await verify(a, b);
  expect(exitCode).toBe(6);
  expect(findings.every(({ kind }) => kind === 'checkpoint_forged')).toBe(true);
  expect(findings[0]?.detail).toContain('none of the given keys');
});

it.each([
  { whose: 'first', forgedBy: a, size: 7 },
  { whose: 'first', forgedBy: a, size: 11 },
  { whose: 'second', forgedBy: b, size: 11 },
])(
  'a checkpoint of $size entries that was signed by the $whose key, which the log had left, is named',
  async ({ forgedBy, size }) => {
    const found = await whileAt(size, signedBy(forgedBy, await noteOf(size)), () => verify(a, b, c));
    expect(found.exitCode).toBe(6);
    expect(found.findings).toMatchObject([{ kind: 'checkpoint_forged', subject: `checkpoint ${size}` }]);
    expect(found.findings[0]?.detail).toContain('by another of the given keys');
  },
);

it('a checkpoint that was signed by a later key before its time is named', async () => {
  const found = await whileAt(3, signedBy(c, await noteOf(3)), () => verify(a, b, c));
  expect(found.findings).toMatchObject([{ kind: 'checkpoint_forged', subject: 'checkpoint 3' }]);
});

/** Runs the service with these settings until so many more events are sealed, and the log goes on with its key. */
async function sealedBy(settings: Record<string, string>, count: number): Promise<void> {
  const env = { ...process.env, ...surroundings(), ...settings };
  const child = spawnBound(process.execPath, [MAIN], { env });
  const before = await sealedCount();
  await publish(count);
  const told = before === 0 ? 0 : 1;
  await waitUntil('the events to be sealed', async () => (await sealedCount()) === before + count + told);
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function surroundings() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const jwk = { ...privateKey.export({ format: 'jwk' }), kid: 'audit' };
  return {
    PORT: '0',
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    DATABASE_URL: database.url,
    AMQP_URL: vhost.amqpUrl,
    // Asked by nobody: the events here tell no place of a person.
    IDENTITY_URL: 'http://127.0.0.1:9',
    INTERNAL_SIGNING_KEY: JSON.stringify(jwk),
    INTERNAL_JWKS: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'audit' }] }),
    AUDIT_ORIGIN: ORIGIN,
    IMMUDB_URL: '',
    IMMUDB_PUBLIC_KEY: '',
  };
}

async function publish(count: number): Promise<void> {
  const connection = await connect(vhost.amqpUrl);
  const channel = await connection.createConfirmChannel();
  await waitUntil('the queue of the service', isBound);
  for (let n = 0; n < count; n += 1)
    channel.publish('ironforge.events', 'session.login_failed', Buffer.from(JSON.stringify(loginFailed())));
  await channel.waitForConfirms();
  await connection.close();
}

async function isBound(): Promise<boolean> {
  const path = `bindings/${vhost.name}/e/ironforge.events/q/audit`;
  const bindings = await vhost.management('GET', path).catch(() => []);
  return JSON.stringify(bindings).includes('"session.*"');
}

function loginFailed() {
  return {
    specversion: '1.0',
    id: randomUUID(),
    type: 'session.login_failed',
    source: 'test',
    subject: randomUUID(),
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenantid: tenantId,
    aggregateversion: 1,
    actortype: 'user',
    actorid: randomUUID(),
    data: { userId: null, reason: 'unknown_account' },
  };
}

async function sealedCount(): Promise<number> {
  const [row] = await database.query(
    'SELECT sealed_size::INT4 AS size FROM audit_sequencers WHERE tenant_id = $1',
    [tenantId],
  );
  return Number(row?.['size'] ?? 0);
}

async function checkpoints(): Promise<{ size: number; note: string }[]> {
  const rows = await database.query(
    'SELECT size, note FROM audit_checkpoints WHERE tenant_id = $1 ORDER BY size',
    [tenantId],
  );
  return rows.map(({ size, note }) => ({ size: Number(size), note: String(note) }));
}

async function noteOf(size: number): Promise<string> {
  const { note } = present(
    (await checkpoints()).find((one) => one.size === size),
    `checkpoint ${size}`,
  );
  return note;
}

type Key = ReturnType<typeof newKey>;

async function verify(...keys: readonly Key[]) {
  return await verifyWith(keys);
}

async function verifyWith(keys: readonly Key[], ...options: readonly string[]) {
  const file = fileWith('audit.pub', keys.map(({ verifierKey }) => verifierKey).join('\n'));
  return await verifyLogIn(database.ownerUrl, tenantId, '--key', file, ...options);
}

/** Does something while another note stands in the place of a checkpoint. */
async function whileAt<T>(size: number, note: string, work: () => Promise<T>): Promise<T> {
  const kept = await noteOf(size);
  const put = (text: string) =>
    database.query('UPDATE audit_checkpoints SET note = $3 WHERE tenant_id = $1 AND size = $2', [
      tenantId,
      size,
      text,
    ]);
  await put(note);
  try {
    return await work();
  } finally {
    await put(kept);
  }
}

/** The same head, signed by this key alone (c2sp.org/signed-note). */
function signedBy({ privateKey, keyId, name }: Key, note: string): string {
  const text = note.slice(0, note.lastIndexOf('\n\n') + 1);
  const signature = Buffer.concat([keyId, sign(null, Buffer.from(text), privateKey)]);
  return `${text}\n— ${name} ${signature.toString('base64')}\n`;
}

/** A key as the service is given it, and as an auditor has it (c2sp.org/signed-note, verifier keys). */
function newKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const name = `${ORIGIN}/${tenantId}`;
  const x = Buffer.from(String(publicKey.export({ format: 'jwk' }).x), 'base64url');
  const typed = Buffer.concat([Buffer.of(1), x]);
  const keyId = createHash('sha256').update(`${name}\n`).update(typed).digest().subarray(0, 4);
  const verifierKey = `${name}+${keyId.toString('hex')}+${typed.toString('base64')}`;
  const secret = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'audit-log' });
  return { name, keyId, verifierKey, privateKey, secret };
}

function fileWith(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}
