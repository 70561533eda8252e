import { randomUUID } from 'node:crypto';
import { INTERNAL_ROUTES, type PersonalItem, ROUTES, type SealedPersonal } from '@ironforge/contracts';
import { createStore } from '@ironforge/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFieldCipher } from '../credentials/field-cipher.ts';
import {
  type Credential,
  EMAIL,
  PASSWORD,
  startTestIdentity,
  type TestIdentity,
} from '../identity.fixture.ts';
import { createDataKeys } from './data-keys.ts';
import { moveUserFields } from './move-user-fields.ts';

let identity: TestIdentity;
let admin: Credential;
let tenantId: string;
beforeAll(async () => {
  identity = await startTestIdentity();
  admin = await identity.signIn(EMAIL.admin);
  tenantId = (await identity.ask(ROUTES.getMe, {}, admin)).body.tenantId;
});
afterAll(async () => await identity[Symbol.asyncDispose]());

const { createUser, eraseUser, getUser, listUsers, updateUser } = ROUTES;
const OCCURRED_AT = '2026-11-30T23:59:59.999Z';

async function newUser() {
  const email = `${randomUUID()}@forge.test`;
  const displayName = `Somebody ${randomUUID()}`;
  const body = { email, displayName, roles: ['user' as const], password: PASSWORD };
  const idempotencyKey = randomUUID();
  const ask = () => identity.ask(createUser, { body, headers: { 'idempotency-key': idempotencyKey } }, admin);
  return { id: (await ask()).body.id, email, displayName, askAgain: ask };
}

/** Later than all others, so that lists begin with him. */
async function newUserLater() {
  identity.clock.now = new Date(identity.clock.now.getTime() + 1_000);
  return await newUser();
}

function item(actor: PersonalItem['actor'], text = 'from there'): PersonalItem {
  const place = { table: 'audit_entries', column: 'personal', row: randomUUID() } as const;
  return { tenantId, actor, occurredAt: OCCURRED_AT, place, text };
}

async function seal(...items: PersonalItem[]) {
  return (await identity.tell(INTERNAL_ROUTES.sealPersonal, { body: { items } })).body.sealed;
}

async function open({ place }: PersonalItem, sealed: SealedPersonal | null | undefined) {
  if (!sealed) throw new Error('nothing was sealed');
  const body = { tenantId, place, ...sealed };
  return (await identity.tellAsAudit(INTERNAL_ROUTES.openPersonal, { body })).body;
}

async function suspend(id: string): Promise<void> {
  await identity.ask(updateUser, { params: { id }, body: { status: 'suspended' } }, admin);
}

describe('what acts tell about people', () => {
  it('is encrypted under the key of the user, behind an API key of its owner, else of the visitors of that month', async () => {
    const user = await newUser();
    const pair = await identity.signIn(user.email);
    const key = (await identity.ask(ROUTES.createApiKey, { body: { name: 'k' } }, pair)).body;
    const items = [
      item({ type: 'user', id: user.id }),
      item({ type: 'api_key', id: key.id }),
      item({ type: 'service', id: 'identity' }),
      item({ type: 'api_key', id: randomUUID() }),
    ];
    const sealed = await seal(...items);
    const [own, visitors] = [`user:${user.id}`, 'visitors:2026-11'];
    expect(sealed.map((one) => one?.subject)).toEqual([own, own, visitors, visitors]);
    for (const [index, one] of items.entries())
      expect(await open(one, sealed[index])).toEqual({ outcome: 'opened', text: 'from there' });
    expect(JSON.stringify(sealed)).not.toContain('from there');
  });

  it('gets one key for a person, however many ask at once', async () => {
    const actor = { type: 'user' as const, id: randomUUID() };
    const items = Array.from({ length: 8 }, () => item(actor));
    const sealed = await Promise.all(items.map(async (one) => (await seal(one))[0]));
    for (const [index, one] of items.entries())
      expect(await open(one, sealed[index])).toMatchObject({ outcome: 'opened' });
  });

  it('opens at no other place, under no other name, and in no other tenant', async () => {
    const [one, other] = [item({ type: 'user', id: randomUUID() }), item({ type: 'user', id: randomUUID() })];
    const [sealed, others] = await seal(one, other);
    const unreadable = { outcome: 'unreadable' };
    expect(await open(other, sealed)).toEqual(unreadable);
    const renamed = { cipher: sealed?.cipher ?? '', subject: others?.subject ?? '' };
    expect(await open(one, renamed)).toEqual(unreadable);
    const body = { tenantId: randomUUID(), place: one.place, subject: '', cipher: '', ...sealed };
    expect((await identity.tellAsAudit(INTERNAL_ROUTES.openPersonal, { body })).body).toEqual(unreadable);
  });
});

it('what is personal opens for the audit service alone, which tells of each reading', async () => {
  const one = item({ type: 'user', id: randomUUID() });
  const [sealed] = await seal(one);
  const body = { tenantId, place: one.place, subject: '', cipher: '', ...sealed };
  expect((await identity.tell(INTERNAL_ROUTES.openPersonal, { body })).code).toBe('permission_denied');
});

describe('a user who is erased', () => {
  it('has to be suspended before, and is shown without e-mail and name from then on', async () => {
    const user = await newUser();
    const params = { id: user.id };
    expect((await identity.ask(eraseUser, { params }, admin)).code).toBe('illegal_transition');
    await suspend(user.id);
    const gone = { email: null, displayName: null, status: 'deleted' };
    expect((await identity.ask(eraseUser, { params }, admin)).body).toMatchObject(gone);
    expect((await identity.ask(getUser, { params }, admin)).body).toMatchObject(gone);
    const told = async () =>
      (await identity.events('user.erased')).filter(({ subject }) => subject === user.id);
    expect(await told()).toMatchObject([{ aggregateversion: 3, data: { user: { status: 'deleted' } } }]);
    expect((await identity.ask(eraseUser, { params }, admin)).body).toMatchObject(gone);
    expect(await told()).toHaveLength(1);
    const back = { params, body: { status: 'active' as const } };
    expect((await identity.ask(updateUser, back, admin)).code).toBe('illegal_transition');
  });

  it('is not to be erased by whoever is no admin of his tenant, nor is a super administrator', async () => {
    const me = (await identity.ask(ROUTES.getMe, {}, await identity.signIn(EMAIL.superAdmin))).body;
    const erase = (id: string, who: Credential) => identity.ask(eraseUser, { params: { id } }, who);
    expect((await erase(me.id, admin)).code).toBe('permission_denied');
    expect((await erase(me.id, await identity.signIn(EMAIL.operator))).code).toBe('permission_denied');
    expect((await erase(randomUUID(), admin)).code).toBe('not_found');
  });

  it('leaves nothing that opens by any key that is left, in a copy of the database neither', async () => {
    const user = await newUser();
    const pair = await identity.signIn(user.email);
    const acted = item({ type: 'user', id: user.id });
    const [sealed] = await seal(acted);
    await identity.ask(ROUTES.enrolTotp, { body: { password: PASSWORD } }, pair);
    const before = await ciphersOf(user.id);
    expect(before.length).toBeGreaterThanOrEqual(5);
    expect(await openable(before)).toHaveLength(before.length);
    await suspend(user.id);
    await identity.ask(eraseUser, { params: { id: user.id } }, admin);
    // The secret of the second factor is under the key of the installation: its row is gone.
    const still = (await openable(before)).map(({ place }) => place.table);
    expect(still).toEqual(['totp_factors']);
    expect(await openable(await ciphersOf(user.id))).toEqual([]);
    expect(await open(acted, sealed)).toEqual({ outcome: 'erased' });
    expect((await user.askAgain()).code).toBe('personal_data_erased');
  });

  it('gets no other key, and somebody else may have his e-mail', async () => {
    const user = await newUser();
    await suspend(user.id);
    await identity.ask(eraseUser, { params: { id: user.id } }, admin);
    expect(await seal(item({ type: 'user', id: user.id }))).toEqual([null]);
    const login = { body: { email: user.email, password: PASSWORD } };
    expect((await identity.ask(ROUTES.login, login)).code).toBe('invalid_credentials');
    const body = { email: user.email, displayName: 'Next', roles: ['user' as const] };
    expect((await identity.ask(createUser, { body }, admin)).status).toBe(201);
  });
});

describe('a read of the e-mail and name of somebody else', () => {
  const reads = async () =>
    (await identity.events('user.personal_data_read')).map(({ subject, data }) => ({ subject, data }));

  it('is told with whose they were; one’s own is not, nor what one has just said oneself', async () => {
    const [one, other] = [await newUserLater(), await newUserLater()];
    const { id } = (await identity.ask(ROUTES.getMe, {}, admin)).body;
    await identity.ask(getUser, { params: { id } }, admin);
    expect(await reads()).toEqual(expect.not.arrayContaining([expect.objectContaining({ subject: id })]));
    const before = (await reads()).length;
    await identity.ask(getUser, { params: { id: one.id } }, admin);
    await identity.ask(updateUser, { params: { id: one.id }, body: {} }, admin);
    await identity.ask(updateUser, { params: { id: one.id }, body: { displayName: 'New' } }, admin);
    await identity.ask(listUsers, { query: { limit: 2 } }, admin);
    const fields = ['email', 'displayName'];
    const alone = { subject: one.id, data: { userIds: [one.id], fields } };
    const both = { subject: 'several', data: { userIds: [other.id, one.id], fields } };
    expect((await reads()).slice(before)).toEqual([alone, alone, alone, both]);
  });
});

describe('what was encrypted before people had keys of their own', () => {
  it('is moved under these at the start, more than one batch of it', async () => {
    const users = [await newUser(), await newUser()];
    const cipher = createFieldCipher(identity.installationKey, 'v1');
    for (const { id, email, displayName } of users) await makeOlder(id, { email, displayName });
    await insertOlder(120);
    await using store = createStore({ url: identity.database.url, log: identity.log });
    await moveUserFields({ store, cipher, dataKeys: createDataKeys(cipher), log: identity.log });
    const versions = await identity.database.query(
      `SELECT DISTINCT left(email_cipher, 3) AS email, left(display_name_cipher, 3) AS name FROM users`,
    );
    expect(new Set(versions.flatMap(({ email, name }) => [email, name]))).toEqual(new Set(['v2.', '']));
    for (const { id, email, displayName } of users)
      expect((await identity.ask(getUser, { params: { id } }, admin)).body).toMatchObject({
        email,
        displayName,
      });
  });

  async function makeOlder(id: string, { email, displayName }: { email: string; displayName: string }) {
    await identity.database.query('DELETE FROM subject_keys WHERE subject = $1', [`user:${id}`]);
    const sealed = older(id, { email, displayName });
    await identity.database.query(
      'UPDATE users SET email_cipher = $2, display_name_cipher = $3 WHERE id = $1',
      [id, ...sealed],
    );
  }

  async function insertOlder(count: number) {
    const ids = Array.from({ length: count }, () => randomUUID());
    const sealed = ids.map((id) => older(id, { email: id, displayName: id }));
    await identity.database.query(
      `INSERT INTO users (id, tenant_id, email_cipher, display_name_cipher, email_index, version)
       SELECT id, $1, email, name, id::TEXT, 1 FROM unnest($2::UUID[], $3::TEXT[], $4::TEXT[]) AS n (id, email, name)`,
      [tenantId, ids, sealed.map(([email]) => email), sealed.map(([, name]) => name)],
    );
  }

  function older(row: string, { email, displayName }: { email: string; displayName: string }) {
    const cipher = createFieldCipher(identity.installationKey, 'v1');
    const at = (column: string) => ({ tenantId, table: 'users', column, row });
    return [cipher.seal(at('email_cipher'), email), cipher.seal(at('display_name_cipher'), displayName)];
  }
});

interface Standing {
  readonly place: {
    readonly tenantId: string;
    readonly table: string;
    readonly column: string;
    readonly row: string;
  };
  readonly cipher: string;
}

/** Every cipher about a user that identity's tables hold, and where it stands. */
async function ciphersOf(userId: string): Promise<Standing[]> {
  const rows = await identity.database.query(
    `SELECT 'users' AS t, 'email_cipher' AS c, id::TEXT AS r, email_cipher AS cipher FROM users WHERE id = $1
     UNION ALL SELECT 'users', 'display_name_cipher', id::TEXT, display_name_cipher FROM users WHERE id = $1
     UNION ALL SELECT 'refresh_families', 'whereabouts_cipher', id::TEXT, whereabouts_cipher FROM refresh_families WHERE user_id = $1
     UNION ALL SELECT 'totp_factors', 'secret_cipher', user_id::TEXT, secret_cipher FROM totp_factors WHERE user_id = $1
     UNION ALL SELECT 'totp_factors', 'pending_secret_cipher', user_id::TEXT, pending_secret_cipher FROM totp_factors
       WHERE user_id = $1 AND pending_secret_cipher IS NOT NULL
     UNION ALL SELECT 'idempotency_keys', 'response', key, body ->> 'sealed'
       FROM (SELECT key, coalesce(response::JSONB -> '$body', response::JSONB) AS body FROM idempotency_keys) AS stored
       WHERE body ->> 'about' = CAST($1 AS TEXT)`,
    [userId],
  );
  return rows.map((row) => ({
    place: { tenantId, table: String(row['t']), column: String(row['c']), row: String(row['r']) },
    cipher: String(row['cipher']),
  }));
}

/** Those of them that open by any key that is in the database now, or by the key of the installation. */
async function openable(standing: readonly Standing[]): Promise<Standing[]> {
  const installation = createFieldCipher(identity.installationKey, 'v1');
  const dataKeys = createDataKeys(installation);
  const rows = await identity.database.query('SELECT * FROM subject_keys WHERE key_cipher IS NOT NULL');
  const own = rows.map((row) => {
    const place = { tenant_id: String(row['tenant_id']), subject: String(row['subject']) };
    return dataKeys.cipherOf(place, String(row['key_cipher']));
  });
  return standing.filter(({ place, cipher }) =>
    [installation, ...own].some((key) => {
      try {
        return key.open(place, cipher) !== '';
      } catch {
        return false;
      }
    }),
  );
}
