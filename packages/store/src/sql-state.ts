import pg from 'pg';

/** The five characters of an answer of the database (PostgreSQL appendix A); null for what did not come from it. */
export function sqlState(error: unknown): string | null {
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null;
}

/** Nothing was stored and the same work may succeed at once: serialization failure or deadlock. */
export function isSerializationFailure(error: unknown): boolean {
  return isOneOf(sqlState(error), ['40001', '40P01']);
}

/** Refused only because an earlier statement of the same transaction failed. */
export function isRefusedBehindFailure(error: unknown): boolean {
  return sqlState(error) === '25P02';
}

/** A row with the same unique key is there already; `index` is the name of the index that says so. */
export function isUniqueViolation(error: unknown, index: string): boolean {
  return sqlState(error) === '23505' && error instanceof pg.DatabaseError && error.constraint === index;
}

/** A row breaks a rule of its table; `constraint` is the rule's name, which both databases tell. */
export function isCheckViolation(error: unknown, constraint: string): boolean {
  return sqlState(error) === '23514' && error instanceof pg.DatabaseError && error.constraint === constraint;
}

/** The wait for another transaction's lock took longer than `lock_timeout`. */
export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === '55P03';
}

/** The database cannot be reached, refuses connections or went away. */
export function isConnectionFailure(error: unknown): boolean {
  const state = sqlState(error);
  if (state === null) return isTransportError(error);
  return state.startsWith('08') || isOneOf(state, ['57P01', '57P02', '57P03', '53300']);
}

/** The database is there and too busy: a lock or a statement took longer than its limit. Nothing was stored. */
export function isOverload(error: unknown): boolean {
  return isLockTimeout(error) || sqlState(error) === '57014';
}

/** Said of an error at COMMIT: it does not tell whether the transaction was stored. */
export function leavesCommitOpen(error: unknown): boolean {
  const state = sqlState(error);
  return state === null || state === '40003' || isConnectionFailure(error);
}

const TRANSPORT_CODES = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];
/** What pg says without a code; knex puts the statement before what is said to one. */
const TRANSPORT_MESSAGES = [
  /(^| - )Connection terminated/,
  /(^| - )timeout expired$/,
  /(^| - )Query read timeout$/,
  /not queryable$/,
  /(^| - )Connection ended/,
];

function isTransportError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'KnexTimeoutError') return true;
  if ('code' in error && TRANSPORT_CODES.some((code) => code === error.code)) return true;
  return TRANSPORT_MESSAGES.some((pattern) => pattern.test(error.message));
}

function isOneOf(state: string | null, states: readonly string[]): boolean {
  return state !== null && states.includes(state);
}
