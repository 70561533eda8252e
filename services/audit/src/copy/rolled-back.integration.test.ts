import { createTestImmudb, hasImmudb, waitUntil } from '@ironforge/testing';
import { describe, expect, it } from 'vitest';
import { type AuditWorld, createAuditWorld, newTenant } from '../audit.fixture.ts';
import { copied, type RunningCopy, sealMore, startTestCopy } from './copy.fixture.ts';

const linesOf = ({ log }: RunningCopy, level: 'error' | 'warn') =>
  log.lines.filter((line) => line.level === level && line.fields['alert'] === 'audit_copy_ahead');

const sealedSize = (world: AuditWorld, size: number, tenantId: string) =>
  world.database.query('UPDATE audit_sequencers SET sealed_size = $1 WHERE tenant_id = $2', [size, tenantId]);

describe.skipIf(!hasImmudb())('a log that is shorter than its copy', () => {
  it('is told once, with its tenant and both sizes, and so is its end', async () => {
    await using world = await createAuditWorld();
    const immudb = await createTestImmudb();
    const [tenantId, other] = [newTenant(), newTenant()];
    const audit = await world.start();
    await using copy = startTestCopy(world, immudb);
    await Promise.all([sealMore(world, tenantId, 20), sealMore(world, other, 10)]);
    await Promise.all([copied(world, tenantId, 20), copied(world, other, 10)]);
    // Nobody but the watch looks at it from here on.
    await audit[Symbol.asyncDispose]();
    expect(linesOf(copy, 'error')).toEqual([]);
    await sealedSize(world, 15, tenantId);
    await waitUntil('the alert', () => linesOf(copy, 'error').length > 0);
    await sealedSize(world, 5, other);
    await waitUntil('the second alert', () => linesOf(copy, 'error').length > 1);
    expect(linesOf(copy, 'error').map(({ fields }) => fields)).toMatchObject([
      { tenantId, copied: 20, sealed: 15 },
      { tenantId: other, copied: 10, sealed: 5 },
    ]);
    await sealedSize(world, 20, tenantId);
    await waitUntil('the end', () => linesOf(copy, 'warn').length > 0);
    expect(linesOf(copy, 'warn').map(({ fields }) => fields)).toMatchObject([{ tenantId }]);
    expect(linesOf(copy, 'error')).toHaveLength(2);
  });
});
