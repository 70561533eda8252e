import type { Logger } from '@ironforge/kernel';
import type { Knex } from 'knex';

interface Statement {
  readonly sql: string;
  readonly __knexQueryUid: string;
}

/** Logs statements that took longer than the limit: the text with its placeholders, never the parameters. */
export function logSlowStatements(db: Knex, log: Logger, limitMs: number): void {
  const startedAt = new Map<string, number>();
  db.on('query', (statement: Statement) => startedAt.set(statement.__knexQueryUid, performance.now()));
  db.on('query-response', (_response: unknown, statement: Statement) => ended(statement));
  db.on('query-error', (_error: unknown, statement: Statement) => ended(statement));

  function ended({ sql, __knexQueryUid: id }: Statement): void {
    const ms = Math.round(performance.now() - (startedAt.get(id) ?? performance.now()));
    startedAt.delete(id);
    if (ms >= limitMs) log.warn({ ms, sql }, 'slow statement');
  }
}
