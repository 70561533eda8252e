import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { loadSync, type MethodDefinition } from '@grpc/proto-loader';
import type { Environment } from '@ironforge/contracts';
import { ensureDatabase } from '@ironforge/immudb';
import { present } from '../../world/present.ts';

type Place = NonNullable<Environment['immudb']>;

/**
 * Texts that the bare immudb takes a second, into a database of the call's own: a batch is one transaction, one after the other, which
 * nobody proves.
 */
export async function rawImmudbWrites(
  place: Place,
  texts: readonly string[],
  batch: number,
): Promise<number> {
  const database = `bench${randomBytes(6).toString('hex')}`;
  await ensureDatabase(place, database);
  const client = new Client(place.address, credentials.createInsecure());
  try {
    const session = await openSession(client, { ...place, database });
    const startedAt = performance.now();
    for (let from = 0; from < texts.length; from += batch)
      await call(client, 'Set', { KVs: keyed(texts.slice(from, from + batch), from), noWait: true }, session);
    return (texts.length * 1_000) / (performance.now() - startedAt);
  } finally {
    client.close();
  }
}

function keyed(texts: readonly string[], from: number) {
  return texts.map((text, index) => ({
    key: Buffer.from(`entry/${from + index}`),
    value: Buffer.from(text),
  }));
}

async function openSession(client: Client, { user, password, database }: Place): Promise<Metadata> {
  const login = { username: Buffer.from(user), password: Buffer.from(password), databaseName: database };
  const { sessionID } = await call(client, 'OpenSession', login, new Metadata());
  const metadata = new Metadata();
  metadata.set('sessionid', String(sessionID));
  return metadata;
}

async function call(client: Client, name: string, request: object, metadata: Metadata) {
  const { path, requestSerialize, responseDeserialize } = methodOf(name);
  return await new Promise<Record<string, unknown>>((resolve, reject) => {
    client.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      (error, answer) => {
        if (error === null && answer !== undefined) resolve({ ...answer });
        else reject(new Error(`immudb refused ${name}`, { cause: error }));
      },
    );
  });
}

function methodOf(name: string): MethodDefinition<object, object> {
  return present(SERVICE[name], `call ${name}`);
}

const SERVICE = serviceIn(join(import.meta.dirname, 'immudb-set.proto'));

function serviceIn(file: string) {
  const service = loadSync(file, { keepCase: true })['immudb.schema.ImmuService'];
  if (service === undefined || 'format' in service) throw new Error(`${file} has no service`);
  return service;
}
