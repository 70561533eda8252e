import { describe, expect, it } from 'vitest';
import { interpolation } from './interpolation.ts';
import { saidOf } from './planted.fixture.ts';

const FILE = 'services/audit/src/queries/a.ts';
const TENANT =
  "// sql-value: BEGIN takes no bindings, and the tenant is a parsed UUID\nconst begin = `BEGIN; SET LOCAL ironforge.tenant = '${tenantId}'`;\n";

describe('interpolation', () => {
  it.each([
    ['tx.raw(`SELECT a FROM b WHERE c = ${name}`)', 'SQL is built with ${name}'],
    ["tx.raw('SELECT a FROM b WHERE c = ' + name)", 'SQL is built with ${name}'],
    ['tx("b").whereRaw(`c = ${caller.name}`)', 'SQL is built with ${caller.name}'],
    ['client.query(`DELETE FROM ${table}`)', 'SQL is built with ${table}'],
    ['const text = `${begin}; SET LOCAL ironforge.tenant = 1`', 'SQL is built with ${begin}'],
    ['const text = `select a from b where c = ${name}`', 'SQL is built with ${name}'],
  ])('refuses %s', async (text, fault) => {
    expect(await saidOf(interpolation, { [FILE]: `\n${text};\n` })).toEqual([`${FILE}:2 ${fault}`]);
  });

  it('allows bindings, constants, and names that are quoted', async () => {
    const text = `
      tx.raw(\`SELECT \${COLUMNS} FROM b WHERE c = ?\`, [name]);
      client.query(\`CREATE DATABASE \${escapeIdentifier(name)}\`);
      client.query('SELECT a ' + 'FROM b');
      log.info(\`wallet \${name} was made\`);
    `;
    expect(await saidOf(interpolation, { [FILE]: text })).toEqual([]);
  });

  it('allows the one place that says why, and refuses a second', async () => {
    expect(await saidOf(interpolation, { 'packages/store/src/begin.ts': TENANT })).toEqual([]);
    const two = { 'packages/store/src/begin.ts': TENANT, 'packages/store/src/other.ts': TENANT };
    expect(await saidOf(interpolation, two)).toEqual([
      'packages/store/src/other.ts:2 a second place puts a value into SQL',
    ]);
  });
});
