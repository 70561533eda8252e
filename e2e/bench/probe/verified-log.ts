import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { environment } from '../../world/environment.ts';

const MAIN = resolvePath(import.meta.dirname, '../../../packages/cli/src/main.ts');
const Report = z.object({ entries: z.int(), findings: z.array(z.unknown()) });
const LOOK_EVERY_MS = 200;
/** By what `./ironforge` starts Node. */
const AS_THE_LAUNCHER = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=4',
  '--heap-growing-percent=50',
];

/** What `ironforge audit verify` took for a log: seconds, and megabytes of resident memory at the most. Throws when it finds anything. */
export async function verifiedLog(tenantId: string, keyFile: string) {
  const args = ['audit', 'verify', '--json', '--tenant', tenantId, '--key', keyFile];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...AS_THE_LAUNCHER, MAIN, ...args], {
    env: { ...process.env, DATABASE_URL: environment.databaseUrl },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let megabytes = 0;
  const looking = setInterval(() => (megabytes = Math.max(megabytes, peakOf(child.pid))), LOOK_EVERY_MS);
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  clearInterval(looking);
  const { entries, findings } = Report.parse(JSON.parse(output));
  if (findings.length > 0) throw new Error(`the log is not whole: ${JSON.stringify(findings.slice(0, 3))}`);
  return { entries, megabytes, seconds: (performance.now() - startedAt) / 1_000 };
}

/** proc(5): the most that was ever resident. 0 for a process that is gone. */
function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
