import { waitUntil } from '@ironforge/testing';
import type { Client } from 'pg';
import { z } from 'zod';
import { verifyLog } from '../../world/audit-log.ts';
import { openDatabase } from '../../world/books.ts';
import { environment } from '../../world/environment.ts';
import { present } from '../../world/present.ts';
import type { Row, Stage } from '../stage.ts';

/** True where immudb is a process of the installation, which can be killed. */
export const hasImmudb = environment.servers.some(({ name }) => name === 'immudb');

/**
 * immudb dies, and is out of reach, while payments are under way: their log is sealed in SQL all the same, and afterwards its copy
 * catches up. How long that takes is what recovers here; payments do not wait for it.
 */
export const immudb: Row = {
  name: 'immudb',
  rounds: { small: 1, full: 8 },
  play: async (stage, rounds) => {
    await using database = await openDatabase();
    const sizes = () => readSizes(database, stage.tenant.id);
    const { sealed } = await sizes();
    for (let round = 0; round < rounds; round += 1) {
      await outOfReach(stage, sizes);
      await killed(stage, sizes);
    }
    if (rounds > 1) await verify(stage.tenant.id, { from: sealed + 1, to: (await sizes()).copied });
  },
};

/**
 * What was sealed in this row is in the log and in its copy, each entry under its number: immudb is asked for all of them. In a run
 * of one round that would take longer than the row, and the oracle compares sizes and order.
 */
async function verify(
  tenantId: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const range = ['--from', String(from), '--to', String(to)];
  const { findings, copied } = await verifyLog(tenantId, ...range);
  if (findings.length > 0) throw new Error(`the log and its copy differ: ${JSON.stringify(findings)}`);
  if (copied === null || copied < to)
    throw new Error(`only ${copied ?? 'nothing'} of ${to} entries is copied`);
}

/** So many entries and more were sealed while the copy stood still. */
const MORE = 20;

type ReadSizes = () => Promise<Sizes>;

async function outOfReach(stage: Stage, sizes: ReadSizes): Promise<void> {
  const line = present(stage.lines.immudb, 'the line to immudb');
  await stage.inject('immudb out of reach while the log grows', async () => {
    line.refuse();
    const before = await sizes();
    await waitUntil('the log to grow without its copy', async () => {
      const { sealed, copied } = await sizes();
      return sealed >= before.sealed + MORE && copied < before.sealed + MORE;
    });
    line.heal();
  });
  const from = performance.now();
  await caughtUp(sizes);
  stage.recovered(performance.now() - from);
}

async function killed(stage: Stage, sizes: ReadSizes): Promise<void> {
  const from = performance.now();
  await stage.kill('immudb');
  await caughtUp(sizes);
  stage.recovered(performance.now() - from);
}

/** Until what is sealed by now is copied; more comes meanwhile. */
async function caughtUp(sizes: ReadSizes): Promise<void> {
  const { sealed } = await sizes();
  await waitUntil('the copy to catch up', async () => (await sizes()).copied >= sealed);
}

const Size = z.coerce.number().int();
const SizesRow = z.object({ sealed: Size, copied: Size });
type Sizes = z.output<typeof SizesRow>;

/** How many entries of a tenant are sealed, and how many of them copied. */
async function readSizes(database: Client, tenantId: string): Promise<Sizes> {
  const { rows } = await database.query(
    `SELECT sealed_size AS sealed, (SELECT COALESCE(MAX(size), 0) FROM audit_copies WHERE tenant_id = $1) AS copied
     FROM audit_sequencers WHERE tenant_id = $1`,
    [tenantId],
  );
  return z.tuple([SizesRow]).parse(rows)[0];
}
