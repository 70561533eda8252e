import type { IncomingMessage } from 'node:http';

/** 63 hashes and a checkpoint with 16 signatures are a quarter of it. */
const MAX_BYTES = 65_536;

/** The body of a request as text; null when it is longer than any request to a witness. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > MAX_BYTES) return null;
    chunks.push(part);
  }
  return Buffer.concat(chunks).toString('utf8');
}
