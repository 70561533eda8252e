import { expect, it } from 'vitest';
import { makeEntry, newTenant } from '../audit.fixture.ts';

const act = { type: 'retention_changed', tenantId: newTenant(), resourceId: 'the-log', details: {} } as const;

it('tells the roles of the person for whom the service did it', async () => {
  const cause = { actor: { type: 'user', id: 'somebody' }, roles: ['compliance'] } as const;
  const { authority } = await makeEntry({ ...act, cause });
  expect(authority).toEqual({ roles: ['compliance'], policy: null });
});

it('tells nothing of what the service does by itself', async () => {
  const cause = { actor: { type: 'service', id: 'audit' } } as const;
  expect(await makeEntry({ ...act, cause })).toMatchObject({ authority: null });
});
