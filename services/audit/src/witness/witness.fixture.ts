import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { formatKey, formatSigner, keyOf, type WitnessSigner, witnessSigner } from '@ironforge/audit-log';
import { present } from '@ironforge/kernel';
import { spawnBound } from '@ironforge/testing';

/** The program of a witness, as its operator runs it. */
const MAIN = fileURLToPath(new URL('../../../../packages/cli/src/main.ts', import.meta.url));

/** A witness as a process apart, with its own key and folder, at the same address in every life. */
export interface WitnessProgram extends AsyncDisposable {
  readonly signer: WitnessSigner;
  readonly url: string;
  kill(): Promise<void>;
  startAgain(): Promise<void>;
}

/** Starts `ironforge witness` for the logs of these keys, on a free port. */
export async function startWitnessProgram(name: string, logKeys: readonly string[]): Promise<WitnessProgram> {
  const signer = newSigner(name);
  const folder = mkdtempSync(join(tmpdir(), 'ironforge-audit-witness-'));
  const [key, logs, state] = ['key', 'logs', 'state'].map((part) => join(folder, part));
  writeFileSync(present(key, 'a path'), formatSigner(signer));
  writeFileSync(present(logs, 'a path'), logKeys.join('\n'));
  const live = (listen: string) =>
    run(['--listen', listen, '--key', `${key}`, '--logs', `${logs}`, '--state', `${state}`]);
  let life = await live('127.0.0.1:0');
  const { url } = life;
  return {
    signer,
    url,
    kill: () => life.kill(),
    startAgain: async () => void (life = await live(new URL(url).host)),
    [Symbol.asyncDispose]: async () => {
      await life.kill();
      rmSync(folder, { recursive: true });
    },
  };
}

async function run(options: readonly string[]) {
  const child = spawnBound(process.execPath, [MAIN, 'witness', ...options], { stdout: 'pipe' });
  const heard: unknown[] = await once(createInterface(present(child.stdout, 'a pipe')), 'line');
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return { url: String(heard[0]).split(' listens on ')[1] ?? '', kill };
}

/** A signer that nobody else has. */
export function newSigner(name: string): WitnessSigner {
  return witnessSigner(name, randomBytes(32));
}

/** An HTTP server of the test's own on a free port. */
export async function listenWith(
  listener: RequestListener,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server listens on a port');
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${address.port}`, [Symbol.asyncDispose]: close };
}

/** The settings of a service that asks these witnesses, at this pace. */
export function asking(
  witnesses: readonly { readonly url: string; readonly signer: WitnessSigner }[],
  paceMs = 300,
): Record<string, string> {
  const list = witnesses.map(({ url, signer }) => ({ url, key: formatKey(keyOf(signer)) }));
  return { AUDIT_WITNESSES: JSON.stringify(list), AUDIT_WITNESS_PACE_MS: String(paceMs) };
}
