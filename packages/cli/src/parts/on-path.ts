import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

// Where Debian keeps servers; not on the PATH of an ordinary user.
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin'];

/** The first folder of the PATH (then of the places for servers) that holds all these programs; null when none does. */
export function folderOnPath(env: NodeJS.ProcessEnv, ...programs: readonly string[]): string | null {
  const folders = [...(env['PATH'] ?? '').split(delimiter), ...SERVER_FOLDERS].filter(
    (folder) => folder !== '',
  );
  return folders.find((folder) => programs.every((program) => isProgram(join(folder, program)))) ?? null;
}

/** True for a file that this user may run. */
export function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
