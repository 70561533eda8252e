import { expect, it } from 'vitest';
import { DEVELOPMENT_USERS } from '../development-users.ts';
import { exitCodeOf } from '../trouble.ts';
import { openAccounts } from './accounts.ts';
import { type Refusals, startIdentity, TENANT } from './played-identity.fixture.ts';

const WRONG = { status: 401, code: 'invalid_credentials', title: 'E-mail, password or code is wrong' };
const CODE = { status: 401, code: 'totp_required', title: 'A code is needed' };
const DOWN = { status: 503, code: 'dependency_down', title: 'Something does not answer' };
const EVERYBODY = DEVELOPMENT_USERS.map(({ email }) => email);
const MADE = '00000000-0000-4000-8000-000000000001';

it('gives everybody a new key where none was kept', async () => {
  const { tenantId, accounts, leftOut } = await opened({}, { id: null, apiKey: null });
  expect({ tenantId, leftOut }).toEqual({ tenantId: TENANT, leftOut: [] });
  expect(accounts['signer']).toMatchObject({ id: MADE, apiKey: 'ifk_signer@ironforge.example' });
});

it('leaves out whoever is refused, says why, and opens the others', async () => {
  const refusals = { 'super-admin@ironforge.example': WRONG, 'signer@ironforge.example': CODE };
  const { tenantId, accounts, leftOut } = await opened(refusals, { id: MADE, apiKey: 'ifk_dead' });
  expect(tenantId).toBe(TENANT);
  expect(leftOut).toEqual([
    { email: 'super-admin@ironforge.example', reason: 'E-mail, password or code is wrong' },
    { email: 'signer@ironforge.example', reason: 'A code is needed' },
  ]);
  expect(accounts['admin']?.apiKey).toBe('ifk_admin@ironforge.example');
});

it('keeps the key of whoever is left out: it works again when he may sign in again', async () => {
  const kept = { id: MADE, apiKey: 'ifk_dead' };
  const { accounts } = await opened({ 'signer@ironforge.example': WRONG }, kept);
  expect(accounts['signer']).toMatchObject(kept);
});

it('goes on where everybody is refused who was made before', async () => {
  const { tenantId, leftOut } = await opened(refusedAll(WRONG), { id: MADE, apiKey: 'ifk_dead' });
  expect([tenantId, leftOut.length]).toEqual([null, EVERYBODY.length]);
});

it('ends with 4 and what to do where everybody is refused and nobody was ever made', async () => {
  const fault = await opened(refusedAll(WRONG), { id: null, apiKey: null }).catch((error: unknown) => error);
  expect(exitCodeOf(fault)).toBe(4);
  expect(String(fault)).toContain('secrets.json');
});

it('does not take a service that is down for a refusal', async () => {
  const trying = opened({ 'signer@ironforge.example': DOWN }, { id: MADE, apiKey: 'ifk_dead' });
  await expect(trying).rejects.toMatchObject({ code: 'dependency_down' });
});

function refusedAll(refusal: typeof WRONG): Refusals {
  return Object.fromEntries(EVERYBODY.map((email) => [email, refusal]));
}

async function opened(
  refusals: Refusals,
  kept: { readonly id: string | null; readonly apiKey: string | null },
) {
  await using identity = await startIdentity(refusals);
  const account = { password: 'played', ...kept };
  const accounts = Object.fromEntries(DEVELOPMENT_USERS.map(({ name }) => [name, account]));
  return await openAccounts(identity.url, { accounts });
}
