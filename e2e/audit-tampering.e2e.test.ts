import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTES } from '@ironforge/contracts';
import { waitUntil } from '@ironforge/testing';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { breakOnPurpose } from './oracle/exempt.ts';
import { verifyLog } from './world/audit-log.ts';
import { environment } from './world/environment.ts';
import { signedByAnother } from './world/forged-note.ts';
import { openWallet } from './world/payment.ts';
import { present } from './world/present.ts';
import { foundTenant, type Tenant } from './world/tenant.ts';

/** More than a tile has leaves, so that there is a row above. */
const CHANGES = 270;
const AT_ONCE = 6;
/** An entry of the first tile. */
const N = 7;
const TABLES = ['audit_entries', 'audit_tiles', 'audit_checkpoints', 'audit_sequencers'];

let tenant: Tenant;
let database: Client;
let kept: string;
let sizes: number[];

beforeAll(async () => {
  tenant = await foundTenant();
  breakOnPurpose(tenant.id);
  database = new Client({ connectionString: environment.databaseUrl });
  await database.connect();
  const wallet = await openWallet(tenant);
  for (let done = 0; done < CHANGES; done += AT_ONCE) {
    const names = Array.from({ length: AT_ONCE }, (_, index) => `change ${done + index}`);
    for (const name of names)
      await tenant.admin.call(ROUTES.updateWallet, { params: { id: wallet.id }, body: { name } });
  }
  await waitUntil('every change to be sealed', async () => (await newestCheckpoint()).size > CHANGES + 10);
  await waitUntil('nothing to come', async () => (await waiting()) === 0);
  sizes = (await rows('SELECT size::INT4 FROM audit_checkpoints WHERE tenant_id = $1 ORDER BY size')).map(
    (row) => Number(row['size']),
  );
  kept = present(sizes.at(-3), 'a third checkpoint from the end').toString();
  for (const table of TABLES)
    await run(`CREATE TABLE kept_${table} AS SELECT * FROM ${table} WHERE tenant_id = $1`);
});

afterAll(async () => {
  for (const table of TABLES) await database.query(`DROP TABLE IF EXISTS kept_${table}`);
  await database.end();
});

describe('a log that nobody touched', () => {
  it('is found to be whole, and from a kept checkpoint on only what came after it is looked at', async () => {
    const whole = await verifyLog(tenant.id);
    expect(whole).toMatchObject({
      exitCode: 0,
      findings: [],
      checkpoints: sizes.length,
      entries: sizes.at(-1),
    });
    const later = await verifyLog(tenant.id, '--since', await fileOf(kept));
    expect(later).toMatchObject({ exitCode: 0, findings: [], checkpoints: 2 });
    expect(later.entries).toBe(present(sizes.at(-1), 'the last size') - Number(kept));
  });
});

describe('a range of a log', () => {
  it('is looked at from the checkpoint before it to the one that covers it, and nothing beside is', async () => {
    const [first, second] = [present(sizes[1], 'a second size'), present(sizes[2], 'a third size')];
    const asked = ['--no-immudb', '--from', String(first + 1), '--to', String(first + 1)];
    expect(await verifyLog(tenant.id, ...asked)).toMatchObject({
      ...{ exitCode: 0, findings: [], checkpoints: 1, entries: second - first },
    });
    const steal = (number: number) => OTHER_TEXT.replace(`= ${N}`, `= ${number}`);
    const { findings } = await verifyAfter([steal(first + 1)], ...asked);
    expect(findings.map(({ kind }) => kind)).toContain('entry_changed');
    expect(new Set(findings.map(({ subject }) => subject))).toEqual(new Set([`entry ${first + 1}`]));
    expect((await verifyAfter([steal(first), steal(second + 1)], ...asked)).findings).toEqual([]);
  });
});

const OTHER_TEXT = `UPDATE audit_entries SET action = 'steal', canonical = replace(canonical, '"action":"' || action || '"', '"action":"steal"')
  WHERE tenant_id = $1 AND sequence = ${N}`;
const leafOf = (
  n: number,
  bytes: string,
) => `UPDATE audit_tiles SET hashes = overlay(hashes PLACING ${bytes} FROM ${(n - 1) * 32 + 1} FOR 32)
  WHERE tenant_id = $1 AND level = 0 AND place = 0`;
const renumber = (from: number, to: number) =>
  `UPDATE audit_entries SET sequence = ${to} WHERE tenant_id = $1 AND sequence = ${from}`;
const ZEROS = `'\\x${'00'.repeat(32)}'::BYTEA`;

describe('what was changed where the log is stored is found and named', () => {
  it.each([
    {
      what: 'a column of an entry',
      does: [`UPDATE audit_entries SET actor_id = 'nobody' WHERE tenant_id = $1 AND sequence = ${N}`],
      found: [`columns_differ entry ${N}`],
    },
    {
      what: 'the words that an entry is found by',
      does: [`UPDATE audit_entries SET search_terms = '{nothing}' WHERE tenant_id = $1 AND sequence = ${N}`],
      found: [`columns_differ entry ${N}`],
    },
    {
      what: 'the text of an entry with its column',
      does: [OTHER_TEXT],
      found: [`columns_differ entry ${N}`, `entry_changed entry ${N}`],
    },
    {
      what: 'the text of an entry alone',
      does: [
        `UPDATE audit_entries SET canonical = canonical || ' ' WHERE tenant_id = $1 AND sequence = ${N}`,
      ],
      found: [`entry_changed entry ${N}`],
    },
    {
      what: 'the number of an entry alone',
      does: [renumber(N, -N)],
      found: [`entry_missing entry ${N}`],
    },
    {
      what: 'its leaf in the tree',
      does: [leafOf(N, ZEROS)],
      found: ['tile_changed tile/0/000'],
    },
    {
      what: 'its text and its leaf',
      does: [
        OTHER_TEXT,
        leafOf(
          N,
          `(SELECT sha256('\\x00'::BYTEA || convert_to(canonical, 'UTF8')) FROM audit_entries WHERE tenant_id = $1 AND sequence = ${N})`,
        ),
      ],
      found: [expect.stringMatching(/^batch_unprovable entries \d+ to \d+$/), `columns_differ entry ${N}`],
    },
    {
      what: 'the numbers of two entries, exchanged',
      does: [renumber(N, -N), renumber(N + 1, N), renumber(-N, N + 1)],
      found: [
        `columns_differ entry ${N}`,
        `columns_differ entry ${N + 1}`,
        `entry_changed entry ${N}`,
        `entry_changed entry ${N + 1}`,
      ],
    },
    {
      what: 'an entry that was removed',
      does: [`DELETE FROM audit_entries WHERE tenant_id = $1 AND sequence = ${N}`],
      found: [`entry_missing entry ${N}`],
    },
    {
      what: 'an entry that was put in',
      does: [
        `INSERT INTO audit_entries SELECT (jsonb_populate_record(e, jsonb_build_object('id', gen_random_uuid(), 'event_id', gen_random_uuid(),
           'aggregate', gen_random_uuid(), 'aggregate_version', 0,
           'sequence', (SELECT max(sequence) + 1 FROM audit_entries WHERE tenant_id = $1)))).*
         FROM audit_entries e WHERE tenant_id = $1 AND sequence = ${N}`,
      ],
      found: [
        expect.stringMatching(/^columns_differ entry \d+$/),
        expect.stringMatching(/^entry_unsealed entries \d+ to \d+$/),
        expect.stringMatching(/^tile_changed tile\/0\/001\.p\/\d+$/),
      ],
    },
    {
      what: 'a node of the tree',
      does: [
        `UPDATE audit_tiles SET hashes = overlay(hashes PLACING ${ZEROS} FROM 1 FOR 32) WHERE tenant_id = $1 AND level = 1`,
      ],
      found: ['tile_changed tile/1/000.p/1'],
    },
  ])('$what', async ({ does, found }) => {
    const { exitCode, findings } = await verifyAfter(does);
    expect([exitCode, linesOf(findings)]).toEqual([6, found]);
  });

  it.each([
    ['the first', () => sizes.at(0)],
    ['one between', () => kept],
    ['the newest', () => sizes.at(-1)],
  ])('a checkpoint that was removed: %s', async (_, sizeOf) => {
    const { exitCode, findings } = await verifyAfter([
      `DELETE FROM audit_checkpoints WHERE tenant_id = $1 AND size = ${sizeOf()}`,
    ]);
    expect([exitCode, linesOf(findings)]).toEqual([6, [`checkpoint_missing checkpoint ${sizeOf()}`]]);
  });

  it.each([
    {
      what: 'whose root was changed',
      forge: (note: string) => note.replace(/\n[A-Za-z0-9+/]{43}=\n/, `\n${'A'.repeat(43)}=\n`),
    },
    { what: 'that was signed with another key', forge: signedByAnother },
  ])('a checkpoint $what', async ({ forge }) => {
    const { note } = await checkpointAt(kept);
    const forged = forge(note).replaceAll("'", "''");
    const { exitCode, findings } = await verifyAfter([
      `UPDATE audit_checkpoints SET note = '${forged}' WHERE tenant_id = $1 AND size = ${kept}`,
    ]);
    expect(exitCode).toBe(6);
    const [first, ...others] = told(findings).trim().split('\n');
    expect(first).toBe(`checkpoint_forged checkpoint ${kept}`);
    // Where there is a second copy, it differs there, and nowhere else.
    for (const other of others) expect(other).toBe(`copy_differs checkpoint ${kept}`);
  });

  it('a whole log that was rolled back, by whoever kept a checkpoint and by its copy', async () => {
    const file = await fileOf(present(sizes.at(-1), 'the newest').toString());
    const rollBack = [
      `DELETE FROM audit_entries WHERE tenant_id = $1 AND sequence > ${kept}`,
      `DELETE FROM audit_checkpoints WHERE tenant_id = $1 AND size > ${kept}`,
      `UPDATE audit_sequencers SET last_sequence = ${kept}, sealed_size = ${kept} WHERE tenant_id = $1`,
    ];
    const { findings } = await verifyAfter(rollBack, '--since', file);
    expect(told(findings)).toContain(`history_rewritten checkpoint ${sizes.at(-1)}`);
    // Where there is a second copy, it says so to everybody.
    const { exitCode, findings: all } = await verifyAfter(rollBack);
    expect([exitCode, told(all)]).toEqual(
      (await hasCopy()) ? [6, `history_rewritten entries ${Number(kept) + 1} to ${sizes.at(-1)}\n`] : [0, ''],
    );
  });
});

/** Does it, verifies, and puts everything back as it was. */
async function verifyAfter(statements: readonly string[], ...options: readonly string[]) {
  try {
    for (const statement of statements) await run(statement);
    return await verifyLog(tenant.id, ...options);
  } finally {
    for (const table of TABLES) {
      await run(`DELETE FROM ${table} WHERE tenant_id = $1`);
      await database.query(`INSERT INTO ${table} SELECT * FROM kept_${table}`);
    }
  }
}

type Findings = Awaited<ReturnType<typeof verifyLog>>['findings'];

/** Each finding as a line. */
function told(findings: Findings): string {
  return findings.map(({ kind, subject }) => `${kind} ${subject}\n`).join('');
}

/** The same, without what the second copy says where there is one. */
function linesOf(findings: Findings): string[] {
  const ofLog = findings.filter(({ kind }) => !kind.startsWith('copy_'));
  return ofLog.map(({ kind, subject }) => `${kind} ${subject}`).toSorted();
}

async function run(sql: string): Promise<void> {
  const values = sql.includes('$1') ? [tenant.id] : [];
  await database.query(sql, values);
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  return z.array(z.record(z.string(), z.unknown())).parse((await database.query(sql, [tenant.id])).rows);
}

async function newestCheckpoint(): Promise<{ size: number }> {
  const [row] = await rows('SELECT max(size)::INT4 AS size FROM audit_checkpoints WHERE tenant_id = $1');
  return { size: Number(row?.['size'] ?? 0) };
}

/** How much the audit service has yet to take in, of what it takes in at all, or to number. */
async function waiting(): Promise<number> {
  const [row] = await rows(`
    WITH taken AS (SELECT message_id FROM inbox WHERE tenant_id = $1 AND consumer = 'audit'),
      sent AS (SELECT id, routing_key, id IN (SELECT message_id FROM taken) AS is_taken FROM outbox WHERE tenant_id = $1)
    SELECT (SELECT count(*) FROM sent WHERE NOT is_taken AND routing_key IN (SELECT routing_key FROM sent WHERE is_taken))
      + (SELECT count(*) FROM audit_entries WHERE tenant_id = $1 AND sequence IS NULL) AS count`);
  return Number(row?.['count']);
}

async function hasCopy(): Promise<boolean> {
  return (await rows('SELECT 1 AS one FROM audit_copies WHERE tenant_id = $1 LIMIT 1')).length > 0;
}

async function checkpointAt(size: string): Promise<{ note: string }> {
  const [row] = await rows(`SELECT note FROM audit_checkpoints WHERE tenant_id = $1 AND size = ${size}`);
  return { note: String(row?.['note']) };
}

async function fileOf(size: string): Promise<string> {
  const file = join(mkdtempSync(join(tmpdir(), 'ironforge-')), 'checkpoint.txt');
  writeFileSync(file, (await checkpointAt(size)).note);
  return file;
}
