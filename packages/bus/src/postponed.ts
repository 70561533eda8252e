import { AppError } from '@ironforge/kernel';

const CODE = 'postponed';

/**
 * The fault of a handler whose message waits for something that its siblings do not need, such as the node of one chain of
 * several: it goes round by a delay, as often as it takes and uncounted, while they go on. Never leaves the process.
 */
export function postponed(detail: string, cause?: unknown): AppError {
  return new AppError(CODE, { retry: 'later', detail, cause });
}

/** Why a message waits alone; null for any other fault. */
export function reasonToPostpone(error: unknown): string | null {
  return error instanceof AppError && error.code === CODE ? error.message : null;
}
