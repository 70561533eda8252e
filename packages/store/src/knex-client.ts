import type { Knex } from 'knex';
import PostgresTransaction, {
  type PooledConnection,
} from 'knex/lib/dialects/postgres/execution/pg-transaction.js';
import PostgresClient from 'knex/lib/dialects/postgres/index.js';

/** A transaction's configuration with the statement that opens it. */
export interface OneTripConfig extends Knex.TransactionConfig {
  readonly opening: string;
}

/**
 * Knex's PostgreSQL client, which opens each transaction with a statement of ours, so that BEGIN, isolation, role and
 * tenant cost one round trip. Classes, because knex is extended by inheritance alone.
 */
export class OneTripClient extends PostgresClient {
  override transaction(container: unknown, config: OneTripConfig, outerTransaction: unknown) {
    return new OneTripTransaction(config.opening, [this, container, config, outerTransaction]);
  }

  /** Knex reads a version out of "PostgreSQL 15.2 …" alone; CockroachDB answers with its own name. */
  override _parseVersion(versionText: string): string {
    return /\d+(?:\.\d+)*/.exec(versionText)?.[0] ?? versionText;
  }
}

class OneTripTransaction extends PostgresTransaction {
  readonly #opening: string;

  constructor(opening: string, parts: readonly unknown[]) {
    super(...parts);
    this.#opening = opening;
  }

  override async begin(connection: PooledConnection): Promise<unknown> {
    try {
      return await this.trxClient.query(connection, this.#opening);
    } catch (error) {
      connection.__knex__disposed = error; // it may be half open: never give it to anybody else
      throw error;
    }
  }
}
