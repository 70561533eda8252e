import { describe, expect, it } from 'vitest';
import { saidOf } from './planted.fixture.ts';
import { tenantWalls } from './tenant-walls.ts';

const FILE = 'migrations/0001_create_a.up.sql';
const TABLE =
  'CREATE TABLE wallets (\n  id UUID PRIMARY KEY,\n  tenant_id UUID NOT NULL,\n  amount NUMERIC(78,0)\n);\n';
const WALLS = [
  'ALTER TABLE wallets ENABLE ROW LEVEL SECURITY;\n',
  'ALTER TABLE wallets FORCE ROW LEVEL SECURITY;\n',
  'CREATE POLICY tenant_isolation ON wallets TO ironforge_app USING (true);\n',
];

describe('tenant walls', () => {
  it.each([0, 1, 2])('names a tenant table that lacks wall %i', async (missing) => {
    const text = TABLE + WALLS.filter((_, index) => index !== missing).join('');
    expect(await saidOf(tenantWalls, { [FILE]: text })).toEqual([
      `${FILE}:1 tenant table wallets has no full wall`,
    ]);
  });

  it('names a tenant column that may be null', async () => {
    const text = TABLE.replace('tenant_id UUID NOT NULL', 'tenant_id UUID') + WALLS.join('');
    expect(await saidOf(tenantWalls, { [FILE]: text })).toEqual([
      `${FILE}:1 tenant_id of wallets may be null`,
    ]);
  });

  it('names a wall that a later migration takes down', async () => {
    const later = {
      'migrations/0002_drop_wall.up.sql': 'ALTER TABLE wallets NO FORCE ROW LEVEL SECURITY;\n',
    };
    expect(await saidOf(tenantWalls, { [FILE]: TABLE + WALLS.join(''), ...later })).toHaveLength(1);
  });

  it('names a wall that only one of the two engines gets', async () => {
    const found = await saidOf(tenantWalls, {
      [FILE]: TABLE,
      'migrations/0002_wall.postgres.up.sql': WALLS.join(''),
    });
    expect(found).toHaveLength(3);
  });

  it('names a tenant column that is added later', async () => {
    const text =
      'CREATE TABLE wallets (\n  id UUID\n);\nALTER TABLE wallets ADD COLUMN tenant_id UUID NOT NULL;\n';
    expect(await saidOf(tenantWalls, { [FILE]: text })).toHaveLength(3);
  });

  it('allows walls that a later migration adds, and tables of no tenant', async () => {
    const found = await saidOf(tenantWalls, {
      [FILE]: `${TABLE}CREATE TABLE job_leases (\n  name TEXT -- no tenant_id here\n);\n`,
      'migrations/0002_wall.up.sql': WALLS.join(''),
    });
    expect(found).toEqual([]);
  });
});
