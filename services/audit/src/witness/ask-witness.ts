import { parseWitnessSize } from '@ironforge/audit-log';
import { assert } from '@ironforge/kernel';

/** What a witness answered: signature lines, the size that it has instead of ours, or another status. Nothing of it is verified. */
export type WitnessReply =
  | { readonly signatures: string }
  | { readonly hasSize: number }
  | { readonly status: number };

/** More than 16 signatures have. */
const MAX_REPLY_BYTES = 16_384;

/** Asks a witness to cosign (C2SP tlog-witness, add-checkpoint). Throws when no whole answer comes before the signal. */
export async function askWitness(prefix: string, body: string, signal: AbortSignal): Promise<WitnessReply> {
  const url = new URL('add-checkpoint', prefix.endsWith('/') ? prefix : `${prefix}/`);
  const response = await fetch(url, { method: 'POST', redirect: 'error', body, signal });
  const { status } = response;
  const text = await textOf(response);
  if (status === 200) return { signatures: text };
  const hasSize = status === 409 ? parseWitnessSize(text) : null;
  return hasSize === null ? { status } : { hasSize };
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: AsyncIterable<unknown> | null = body;
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of chunks ?? []) {
    assert(part instanceof Uint8Array, 'an answer is read as bytes');
    bytes += part.length;
    if (bytes > MAX_REPLY_BYTES) throw new Error(`the answer has over ${MAX_REPLY_BYTES} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
