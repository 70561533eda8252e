import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, DatabaseError } from 'pg';
import { type Direction, recordStep } from './bookkeeping.ts';
import { inTransaction } from './connection.ts';
import type { Migration } from './files.ts';

/** Runs the steps that are left, each statement in one transaction with the note that it is done. */
export async function runSteps(
  client: Client,
  migration: Migration,
  from: { readonly direction: Direction; readonly stepsDone: number },
): Promise<void> {
  const statements = migration[from.direction];
  if (statements.length === 0) await recordStep(client, migration, from);
  for (const [index, statement] of statements.entries()) {
    if (index < from.stepsDone) continue;
    await runStep(client, statement, () =>
      recordStep(client, migration, { direction: from.direction, stepsDone: index + 1 }),
    );
  }
}

const TRIES = 10;

async function runStep(client: Client, statement: string, record: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await inTransaction(client, async () => {
        await client.query(statement);
        await record();
      });
    } catch (error) {
      if (tries === TRIES || !collided(error)) throw error;
      await sleep(20 * tries);
    }
  }
}

/** Roles and grants belong to the whole server: two databases that migrate at once may meet in its catalog. */
function collided(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  return (
    error.code === '40001' || error.code === '40P01' || error.message.includes('tuple concurrently updated')
  );
}
