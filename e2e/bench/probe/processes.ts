import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve as resolvePath } from 'node:path';
import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import { environment } from '../../world/environment.ts';
import { present } from '../../world/present.ts';

const ironforge = resolvePath(import.meta.dirname, '../../../packages/cli/src/main.ts');
const Part = z.object({ name: z.string(), ready: z.boolean(), pid: z.int().nullable(), restarts: z.int() });
const Status = z.object({ parts: z.array(Part) });

/** Resident memory of the services now, in megabytes (VmRSS). */
export async function memoryOfServices(): Promise<
  readonly { readonly name: string; readonly megabytes: number }[]
> {
  const names = environment.services.map(({ name }) => name);
  const running = (await parts()).filter(({ name, pid }) => names.includes(name) && pid !== null);
  return running.map(({ name, pid }) => ({ name, megabytes: residentKilobytes(present(pid, name)) / 1_024 }));
}

function residentKilobytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** Seconds of processor time that a service has used so far. */
export async function processorSeconds(name: string): Promise<number> {
  const { pid } = await partNamed(name);
  // proc(5): the fields behind the name in brackets; utime and stime are the 14th and 15th of all, in ticks of 10 ms.
  const fields =
    readFileSync(`/proc/${present(pid, name)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Ends a service at once (SIGKILL); what it gives back waits until it is there again. */
export async function killService(name: string): Promise<() => Promise<void>> {
  const before = await partNamed(name);
  process.kill(present(before.pid, `the pid of ${name}`), 'SIGKILL');
  return async () => {
    await waitUntil(
      `${name} is back`,
      async () => {
        const { restarts, ready } = await partNamed(name);
        return restarts > before.restarts && ready;
      },
      { intervalMs: 250 },
    );
  };
}

/** Holds the process of a service still (SIGSTOP); what it gives back lets it go on. */
export async function freezeService(name: string): Promise<() => void> {
  const pid = present((await partNamed(name)).pid, `the pid of ${name}`);
  process.kill(pid, 'SIGSTOP');
  return () => void process.kill(pid, 'SIGCONT');
}

async function partNamed(name: string) {
  return present(
    (await parts()).find((part) => part.name === name),
    name,
  );
}

async function parts() {
  return Status.parse(JSON.parse(await statusText())).parts;
}

/** What `ironforge status --json` prints; that something is not ready is no error here. */
function statusText(): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [ironforge, 'status', '--json'], (_error, stdout) => resolve(stdout));
  });
}
