import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import type { Home } from './home.ts';
import { readJson, writeJson } from './json-file.ts';
import { trouble } from './trouble.ts';

/** Name of a listener → its TCP port on 127.0.0.1. */
export type Ports = Readonly<Record<string, number>>;

const PortsFile = z.record(z.string(), z.int().min(1).max(65_535));

/** The installation's ports: set by `IRONFORGE_PORT_<NAME>`, else kept in ports.json, else chosen free and written there. Throws `port_taken`. */
export async function portsOf(home: Home, env: NodeJS.ProcessEnv, names: readonly string[]): Promise<Ports> {
  const known = { ...keptPorts(home), ...portsFromEnv(env, names) };
  await refuseTakenPorts(home, known);
  const ports = await choosePorts({ names, known, first: firstPortFor(home.dir), isFree: isPortFree });
  writeJson(fileOf(home), ports);
  return ports;
}

/** The ports chosen at earlier starts; none before the first. */
export function keptPorts(home: Home): Ports {
  const kept = PortsFile.safeParse(readJson(fileOf(home)) ?? {});
  if (kept.success) return kept.data;
  throw trouble('usage', `${fileOf(home)} is not a list of ports: delete it to have new ones chosen`);
}

/** What ports are chosen from: names in order, those known, where to look first, how to ask. */
export interface PortChoice {
  readonly names: readonly string[];
  readonly known: Ports;
  readonly first: number;
  readonly isFree: (port: number) => Promise<boolean>;
}

/** Keeps what is known and gives each other name the next free port from `first` on, none twice. */
export async function choosePorts({ names, known, first, isFree }: PortChoice): Promise<Ports> {
  const ports: Record<string, number> = { ...known };
  const used = new Set(Object.values(known));
  let next = first;
  for (const name of names) {
    if (ports[name] !== undefined) continue;
    while (used.has(next) || !(await isFree(next))) next += 1;
    ports[name] = next;
    used.add(next);
  }
  return ports;
}

/** True when nothing listens on this port of 127.0.0.1. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Throws `port_taken`, with what to do, when somebody listens on one of these ports. */
export async function refuseTakenPorts(home: Home, ports: Ports): Promise<void> {
  for (const [name, port] of Object.entries(ports)) {
    if (await isPortFree(port)) continue;
    const other = `stop that program, set ${portVariable(name)}, or delete "${name}" from ${fileOf(home)} to have another port chosen`;
    throw trouble('port_taken', `Port ${port} of ${name} is taken by another program: ${other}`);
  }
}

/** The variable that sets a listener's port: `tx-orchestrator` is `IRONFORGE_PORT_TX_ORCHESTRATOR`. */
export function portVariable(name: string): string {
  return `IRONFORGE_PORT_${name.toUpperCase().replaceAll('-', '_')}`;
}

function fileOf(home: Home): string {
  return join(home.dir, 'ports.json');
}

function portsFromEnv(env: NodeJS.ProcessEnv, names: readonly string[]): Ports {
  const set = names.flatMap((name) => {
    const text = env[portVariable(name)];
    return text === undefined ? [] : [[name, portFrom(portVariable(name), text)] as const];
  });
  return Object.fromEntries(set);
}

function portFrom(variable: string, text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw trouble('usage', `${variable} must be a port number from 1 to 65535`);
}

// Below the range that the kernel gives to outgoing connections, which could otherwise take a dead part's port;
// each folder starts elsewhere, so that two installations do not race for the same ones.
function firstPortFor(dir: string): number {
  let hash = 0;
  for (const char of dir) hash = (hash * 31 + char.charCodeAt(0)) % 240;
  return 20_000 + hash * 50;
}
