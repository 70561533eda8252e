import { assert } from '@ironforge/kernel';
import type { Knex } from 'knex';
import { type FirstFailure, failUnstored, firstFailure } from './failures.ts';
import type { OneTripConfig } from './knex-client.ts';
import type { Tx, Work } from './transaction.ts';

/**
 * One try of work that only reads, and asks all that it asks before it waits: opening, statements and COMMIT are one round
 * trip. A statement that comes later is refused. Throws the database's own error, and `dependency_down` when it was not
 * reachable.
 */
export async function tryReading<T>(db: Knex, statement: string, work: Work<T>): Promise<T> {
  const opening = { statement, answered: Promise.resolve<unknown>(null) };
  const config: OneTripConfig = { opening };
  let failed: Readonly<FirstFailure> = { error: null };
  try {
    const { answer } = await db.transaction(async (trx) => {
      failed = firstFailure(trx);
      const reading = Promise.resolve(work(asReader(trx)));
      reading.catch(() => undefined); // it is waited for behind COMMIT
      await allIsAsked();
      return { answer: reading };
    }, config);
    return await answer;
  } catch (error) {
    return await failUnstored(opening, error, failed);
  }
}

function asReader(trx: Knex.Transaction): Tx {
  const refuse = () => assert(false, 'what only reads stores nothing');
  return Object.assign(trx, { send: refuse, beforeCommit: refuse, afterCommit: refuse });
}

/** Until then every statement of this turn is with the driver: knex hands them over by promises alone. */
async function allIsAsked(): Promise<void> {
  await new Promise<void>((resolve) => process.nextTick(resolve));
}
