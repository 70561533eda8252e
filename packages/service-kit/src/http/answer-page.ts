import { appError } from '@ironforge/contracts';
import { isUuid } from '@ironforge/kernel';
import type { Answer } from './route.ts';

/** The place of a row in a list that is ordered by creation, newest first. */
export interface RowPlace {
  /** Whole milliseconds: times are written by our own clock, never by the database's. */
  readonly createdAt: Date;
  readonly id: string;
}

const CURSOR = /^([0-9]{1,15})~([0-9a-f-]{36})$/;

/** The last row of the page before, by the opaque cursor of the query; null on the first page. Throws `validation_failed`. */
export function readCursor(cursor: string | undefined): RowPlace | null {
  if (cursor === undefined) return null;
  const [, time, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (time !== undefined && id !== undefined && isUuid(id)) return { createdAt: new Date(Number(time)), id };
  throw appError('validation_failed', { errors: [{ pointer: '/query/cursor', code: 'invalid_value' }] });
}

/** The rows of a list and how to show them. */
export interface PageOptions<Row> {
  readonly query: Readonly<Record<string, unknown>> & { readonly limit: number };
  /** At most `limit + 1` rows: the one too many says that there is a next page. */
  readonly rows: readonly Row[];
  readonly cursorOf: (row: Row) => string;
  readonly show: (row: Row) => unknown;
  /** What the answer says beside the rows. */
  readonly beside?: object;
}

/** Answers one page as `{ data, nextCursor }`, with a relative `Link: rel="next"` (RFC 8288) where another follows. */
export function answerPage<Row>({ query, rows, cursorOf, show, beside }: PageOptions<Row>): Answer {
  const page = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? page.at(-1) : undefined;
  const nextCursor = last === undefined ? null : cursorOf(last);
  const body = { data: page.map(show), nextCursor, ...beside };
  if (nextCursor === null) return { status: 200, body };
  const next = queryText({ ...query, cursor: nextCursor });
  return { status: 200, body, headers: { Link: `<?${next.toString()}>; rel="next"` } };
}

/** The cursor of a row in a list ordered by creation. */
export function cursorOfRow({ createdAt, id }: RowPlace): string {
  return Buffer.from(`${createdAt.getTime()}~${id}`, 'latin1').toString('base64url');
}

function queryText(query: Readonly<Record<string, unknown>>): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
}
