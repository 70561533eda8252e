import type { Knex } from 'knex';
import PostgresTransaction, {
  type PooledConnection,
} from 'knex/lib/dialects/postgres/execution/pg-transaction.js';
import PostgresClient, { type CompiledQuery } from 'knex/lib/dialects/postgres/index.js';
import { holdTogether } from './hold-together.ts';
import { createStatementNames } from './statement-names.ts';

/** How a transaction is opened. */
export interface Opening {
  readonly statement: string;
  /** Settles once the statement was answered; set when it was sent. */
  answered: Promise<unknown>;
}

/** A transaction's configuration with its opening; knex hands on a copy, so what changes lies one level deeper. */
export interface OneTripConfig extends Knex.TransactionConfig {
  readonly opening: Opening;
}

/** What a pool of these clients is configured with beside knex's own settings. */
export interface OneTripPool extends Knex.Config {
  /** Counted up by every client of the pool. */
  readonly trips: { count: number };
}

/** Of the whole process: knex makes a client of its own for each transaction. */
const NAMES = createStatementNames();

/**
 * Knex's PostgreSQL client, which opens each transaction with a statement of ours and does not wait for its answer: BEGIN,
 * isolation, role and tenant travel together with the first statement of the work. When the opening fails, that statement
 * runs as the login role, which may touch nothing. Classes, because knex is extended by inheritance alone.
 */
export class OneTripClient extends PostgresClient {
  declare readonly config: OneTripPool;

  /** A statement that comes again is parsed and planned once for each connection, not each time. */
  override _query(connection: PooledConnection, query: CompiledQuery): Promise<unknown> {
    const name = NAMES.nameOf(query);
    const named = name === null ? query : Object.assign(query, { options: { ...query.options, name } });
    if (holdTogether(connection.connection.stream)) this.config.trips.count += 1;
    return super._query(connection, named);
  }

  override transaction(container: unknown, config: OneTripConfig, outerTransaction: unknown) {
    return new OneTripTransaction(config.opening, [this, container, config, outerTransaction]);
  }

  /** Knex reads a version out of "PostgreSQL 15.2 …" alone; CockroachDB answers with its own name. */
  override _parseVersion(versionText: string): string {
    return /\d+(?:\.\d+)*/.exec(versionText)?.[0] ?? versionText;
  }
}

class OneTripTransaction extends PostgresTransaction {
  readonly #opening: Opening;

  constructor(opening: Opening, parts: readonly unknown[]) {
    super(...parts);
    this.#opening = opening;
  }

  override async begin(connection: PooledConnection): Promise<void> {
    const answered = this.trxClient.query(connection, this.#opening.statement);
    this.#opening.answered = answered;
    answered.catch((error: unknown) => {
      connection.__knex__disposed = error; // it may be half open: never give it to anybody else
    });
  }
}
