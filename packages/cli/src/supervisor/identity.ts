import { readFileSync } from 'node:fs';

/** A process named so that a later one with the same pid is told apart; `startedAt` is null where /proc is not mounted. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string | null;
}

/** The identity of a living process. */
export function identify(pid: number): ProcessIdentity {
  return { pid, startedAt: startOf(pid) };
}

/** True only when exactly this process still runs: same pid, same start, same boot. */
export function isStillRunning({ pid, startedAt }: ProcessIdentity): boolean {
  return startedAt !== null && startOf(pid) === startedAt;
}

/** True when the identity can be checked at all on this machine. */
export function canIdentify(): boolean {
  return startOf(process.pid) !== null;
}

// Field 22 of /proc/<pid>/stat is the start in ticks since boot (proc(5)); fields are counted after the name's last ")".
function startOf(pid: number): string | null {
  const stat = readProc(`/proc/${pid}/stat`);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, ticks] = [fields?.[0], fields?.[19]];
  if (ticks === undefined || state === 'Z' || state === 'X') return null;
  return `${readProc('/proc/sys/kernel/random/boot_id')?.trim() ?? ''}/${ticks}`;
}

function readProc(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
