import { execFile } from 'node:child_process';
import { resolve as resolvePath } from 'node:path';
import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { present } from '../world/present.ts';

const ironforge = resolvePath(import.meta.dirname, '../../packages/cli/src/main.ts');

const Part = z.object({ name: z.string(), ready: z.boolean(), pid: z.int().nullable(), restarts: z.int() });
type Part = z.infer<typeof Part>;

const Status = z.object({ parts: z.array(Part) });

/** A process of the installation as it is now. Throws when there is none of that name. */
async function partNamed(name: string): Promise<Part> {
  return present(
    (await parts()).find((part) => part.name === name),
    name,
  );
}

/** Ends a process at once (SIGKILL) and waits until the supervisor has started it again and it is ready. */
export async function killPart(name: string): Promise<void> {
  const before = await partNamed(name);
  process.kill(present(before.pid, `the pid of ${name}`), 'SIGKILL');
  await waitUntil(
    `${name} is back`,
    async () => {
      const { restarts, ready } = await partNamed(name);
      return restarts > before.restarts && ready;
    },
    { intervalMs: 250 },
  );
}

/** Holds a process still (SIGSTOP) for a while, then lets it go on. */
export async function freezePart(name: string, ms: number): Promise<void> {
  const pid = present((await partNamed(name)).pid, `the pid of ${name}`);
  process.kill(pid, 'SIGSTOP');
  await new Promise((done) => setTimeout(done, ms));
  process.kill(pid, 'SIGCONT');
}

async function parts(): Promise<readonly Part[]> {
  return Status.parse(JSON.parse(await statusText())).parts;
}

/** What `ironforge status --json` prints; that something is not ready is no error here. */
function statusText(): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [ironforge, 'status', '--json'], (_error, stdout) => resolve(stdout));
  });
}
