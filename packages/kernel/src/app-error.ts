/** What a caller may do after a fault: the same call can work later, or never will. */
export type Retry = 'later' | 'never';

/** One finding about one place of a request; `pointer` is a JSON Pointer (RFC 6901). */
export interface ErrorItem {
  readonly pointer: string;
  readonly code: string;
  readonly detail?: string;
  readonly field?: string;
}

/** What a fault tells besides its code; `retry` is `never` unless it says otherwise. */
export interface AppErrorOptions {
  readonly detail?: string | undefined;
  readonly errors?: readonly ErrorItem[] | undefined;
  readonly retry?: Retry | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** How long the whole is of which a part was asked for that is not in it. */
  readonly wholeBytes?: number | undefined;
  readonly cause?: unknown;
}

/** A fault with a stable code; the registry of codes, their HTTP status and title is in `@ironforge/contracts`. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly retry: Retry;
  readonly errors: readonly ErrorItem[];
  readonly retryAfterSeconds: number | undefined;
  readonly wholeBytes: number | undefined;

  constructor(code: string, options: AppErrorOptions = {}) {
    super(options.detail ?? code, { cause: options.cause });
    this.code = code;
    this.retry = options.retry ?? 'never';
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.wholeBytes = options.wholeBytes;
  }
}

/** True for a fault with exactly this code. */
export function hasCode(error: unknown, code: string): error is AppError {
  return error instanceof AppError && error.code === code;
}

/** True for a fault of which is said that the same call can work later. */
export function mayRetry(error: unknown): boolean {
  return error instanceof AppError && error.retry === 'later';
}
