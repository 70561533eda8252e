import { randomBytes } from 'node:crypto';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { ensureDatabase, MAX_BATCH_ENTRIES } from '@ironforge/immudb';

/** A server, and by whom it is asked. */
export interface RawPlace {
  /** Host and port. */
  readonly address: string;
  readonly user: string;
  readonly password: string;
  readonly serverPublicKey: string;
}

/**
 * Texts that the bare immudb takes a second, into a database of the call's own: a batch, of as many entries as a transaction can have at
 * most, is one transaction, one after the other, which nobody proves.
 */
export async function rawImmudbWrites(
  place: RawPlace,
  texts: readonly string[],
  batch: number,
): Promise<number> {
  const database = `raw${randomBytes(6).toString('hex')}`;
  await ensureDatabase(place, database);
  const client = new Client(place.address, credentials.createInsecure());
  try {
    const session = await openSession(client, place, database);
    const startedAt = performance.now();
    const size = Math.min(batch, MAX_BATCH_ENTRIES);
    for (let from = 0; from < texts.length; from += size)
      await session('Set', setRequest(texts.slice(from, from + size), from));
    return (texts.length * 1_000) / (performance.now() - startedAt);
  } finally {
    client.close();
  }
}

type Ask = (name: string, request: Buffer) => Promise<Buffer>;

async function openSession(client: Client, { user, password }: RawPlace, database: string): Promise<Ask> {
  const login = [user, password, database].map((text, index) => field(index + 1, Buffer.from(text)));
  const answer = await asker(client, new Metadata())('OpenSession', Buffer.concat(login));
  const metadata = new Metadata();
  metadata.set('sessionid', firstField(answer).toString());
  return asker(client, metadata);
}

function asker(client: Client, metadata: Metadata): Ask {
  const asIs = (bytes: Buffer) => bytes;
  return async (name, request) =>
    await new Promise((resolve, reject) => {
      const path = `/immudb.schema.ImmuService/${name}`;
      client.makeUnaryRequest(path, asIs, asIs, request, metadata, (error, answer) => {
        if (error === null && answer !== undefined) resolve(answer);
        else reject(new Error(`immudb refused ${name}`, { cause: error }));
      });
    });
}

/** immudb's `SetRequest`: keys and values, and that nobody waits for the index. */
function setRequest(texts: readonly string[], from: number): Buffer {
  const pairs = texts.map((text, index) => {
    const key = field(1, Buffer.from(`entry/${from + index}`));
    return field(1, Buffer.concat([key, field(2, Buffer.from(text))]));
  });
  return Buffer.concat([...pairs, NO_WAIT]);
}

/** Field 2, a number, true. */
const NO_WAIT = Buffer.of(0x10, 1);

/** A field of bytes in the wire format of Protocol Buffers. */
function field(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.of((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

/** The bytes of the first field, which are fewer than 128. */
function firstField(message: Buffer): Buffer {
  return message.subarray(2, 2 + (message[1] ?? 0));
}
