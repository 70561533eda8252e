import { AppError } from '@ironforge/kernel';

/** What a person must mend before a command can work, with the exit code each kind gives. */
export const EXIT_CODES = {
  failed: 1,
  signer_silent: 1,
  usage: 2,
  not_running: 3,
  missing_part: 4,
  port_taken: 4,
  disk_full: 4,
  not_writable: 4,
  no_network: 4,
  start_failed: 4,
  refused_in_production: 4,
  differences: 5,
  refused: 6,
  interrupted: 130,
} as const;

export type TroubleCode = keyof typeof EXIT_CODES;

/** A fault of the command line; `detail` is one line that says what to do. */
export function trouble(code: TroubleCode, detail: string, cause?: unknown): AppError {
  return new AppError(code, { detail, cause });
}

/** The exit code for a fault: of its kind, otherwise 1. */
export function exitCodeOf(error: unknown): number {
  return error instanceof AppError && isTroubleCode(error.code) ? EXIT_CODES[error.code] : 1;
}

/** The same fault told as something to mend: a full disk and a folder without rights are known by their system code. */
export function asTrouble(error: unknown, folder: string): AppError {
  if (error instanceof AppError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/ENOSPC|No space left/.test(text)) return diskFull(folder, error);
  if (/EACCES|EROFS|EPERM/.test(text)) {
    return trouble(
      'not_writable',
      `${text}: give this user ${folder}, or set IRONFORGE_HOME to a folder of its own`,
      error,
    );
  }
  return trouble('failed', text.split('\n', 1)[0] ?? text, error);
}

/** The fault of a full disk. */
export function diskFull(folder: string, cause?: unknown): AppError {
  return trouble('disk_full', `The disk is full: free about 1.5 GB for ${folder} and start again`, cause);
}

function isTroubleCode(code: string): code is TroubleCode {
  return Object.hasOwn(EXIT_CODES, code);
}
