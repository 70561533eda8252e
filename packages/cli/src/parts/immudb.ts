import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasCode } from '@ironforge/kernel';
import { writePrivate } from '../json-file.ts';
import type { Program } from '../supervisor/program.ts';
import { askImmudb } from './asks.ts';
import { findSource } from './find-source.ts';
import { givenImmudb } from './immudb-given.ts';
import { buildImmudb, immudbOnPath } from './immudb-binary.ts';
import { type ImmudbPlace, publicKeyOf } from './immudb-place.ts';
import type { Part, PartContext } from './part.ts';
import { portOf } from './port-of.ts';

/** What of immudb there is: the part, or why there is none. */
export type FoundImmudb = { readonly part: Part<ImmudbPlace> } | { readonly missing: string };

/**
 * immudb: given, on the PATH, or built; a private instance with a signing key and password of its own. It is the one part
 * that may be missing: the audit log is then kept in SQL alone. `IMMUDB_URL=none` wants none.
 */
export async function immudbPart(context: PartContext): Promise<FoundImmudb> {
  if (context.env['IMMUDB_URL'] === 'none') return { missing: 'IMMUDB_URL is none' };
  try {
    return { part: await presentPart(context) };
  } catch (error) {
    if (hasCode(error, 'missing_part')) return { missing: error.message };
    throw error;
  }
}

async function presentPart(context: PartContext): Promise<Part<ImmudbPlace>> {
  const found = await findSource({
    name: 'immudb',
    variable: 'IMMUDB_URL',
    program: 'immudb or go',
    given: context.env['IMMUDB_URL'],
    onPath: async () => immudbOnPath(context.env),
    fetch: () => buildImmudb(context),
  });
  if (found.from === 'url') {
    const address = givenImmudb(found.url, context.env);
    return { name: 'immudb', source: 'given by IMMUDB_URL', address, stages: [] };
  }
  const address = ownPlace(context);
  const program = immudbProgram(context, found.binary, address);
  return { name: 'immudb', source: found.binary, address, stages: [[program]] };
}

function ownPlace({ ports, secrets }: PartContext): ImmudbPlace {
  return {
    address: `127.0.0.1:${portOf(ports, 'immudb')}`,
    database: 'ironforge',
    user: 'immudb',
    password: secrets.immudbPassword,
    serverPublicKey: publicKeyOf(secrets.immudbSigningKey),
  };
}

// The password is in a file of mode 0600, not among the arguments. A HOME of its own keeps other configuration away.
function immudbProgram({ home, ports, secrets }: PartContext, binary: string, place: ImmudbPlace): Program {
  const port = portOf(ports, 'immudb');
  const dir = join(home.data, 'immudb');
  const [config, signingKey] = [join(dir, 'immudb.toml'), join(dir, 'signing-key.pem')];
  const url = `immudb://${place.address}`;
  return {
    name: 'immudb',
    kind: 'server',
    command: binary,
    args: ['--config', config],
    env: { HOME: dir },
    ports: { immudb: port },
    url,
    stopSignal: 'SIGTERM',
    prepare: async () => {
      mkdirSync(dir, { recursive: true, mode: 0o700 });
      writePrivate(signingKey, secrets.immudbSigningKey);
      writePrivate(config, configText({ data: join(dir, 'data'), port, signingKey, ...secrets }));
    },
    ask: () => askImmudb(place.address),
  };
}

interface Settings {
  readonly data: string;
  readonly port: number;
  readonly signingKey: string;
  readonly immudbPassword: string;
}

// The administrator gets this password when the data folder is made, so the published one never opens anything.
function configText({ data, port, signingKey, immudbPassword }: Settings): string {
  return [
    `dir = ${JSON.stringify(data)}`,
    'address = "127.0.0.1"',
    `port = ${port}`,
    `signingKey = ${JSON.stringify(signingKey)}`,
    `admin-password = ${JSON.stringify(immudbPassword)}`,
    'pgsql-server = false',
    'web-server = false',
    'metrics-server = false',
    // A client that dies leaves its session open for some minutes.
    'max-sessions = 1000',
    '',
  ].join('\n');
}
