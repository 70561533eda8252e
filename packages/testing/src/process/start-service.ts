import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseJson } from '@ironforge/kernel';
import { z } from 'zod';
import { saidBy } from '../said-by.ts';
import { waitUntil } from '../wait-until.ts';
import { spawnBound } from './spawn-bound.ts';

/** A service of this repository in a process of its own. */
export interface StartedService extends AsyncDisposable {
  readonly url: string;
}

const SERVICES = new URL('../../../../services/', import.meta.url);
const listening = z.object({ msg: z.literal('listening'), url: z.url() });

/** Starts a service as it runs in production, by the name of its folder, and waits until it is ready; it takes a free port itself. */
export async function startService(
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<StartedService> {
  const program = fileURLToPath(new URL(`${folder}/src/main.ts`, SERVICES));
  // Without what was compiled before, a start takes half a second more of a processor.
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const env = { ...environment, LOG_LEVEL: 'info', PORT: '0', PATH, NODE_COMPILE_CACHE };
  const child = spawnBound(process.execPath, [program], { env, stdout: 'pipe', stderr: 'inherit' });
  if (child.stdout === null) throw new Error('the output is a pipe');
  const url = await saidBy(child.stdout, (line) => listening.safeParse(parseJson(line)).data?.url);
  await waitUntil(`${folder} to be ready`, async () => (await fetch(`${url}/readyz`)).ok);
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
