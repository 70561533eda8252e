import type { IncomingMessage } from 'node:http';
import { assert } from '@ironforge/kernel';

/** 63 hashes and a checkpoint with 16 signatures are a quarter of it. */
const MAX_BYTES = 65_536;

/** The body of a request as text; null when it is longer than any request to a witness. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: AsyncIterable<unknown> = request.iterator({ destroyOnReturn: false });
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of chunks) {
    assert(Buffer.isBuffer(part), 'a request without an encoding is read as bytes');
    bytes += part.length;
    if (bytes > MAX_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
