import type { Immudb, SignedEntry } from '@ironforge/immudb';
import { hasCode, type Logger } from '@ironforge/kernel';
import type { nameCopy } from './name-copy.ts';

/** Where a copy is, as the API answers it. */
export type NamedCopy = Awaited<ReturnType<typeof nameCopy>>;

/** Who is asked for proofs; null where there is no immudb. */
export interface CopyProver {
  readonly prover: Pick<Immudb, 'signedEntry'> | null;
  readonly log: Logger;
}

/** Adds what proves a copy to whoever has the server's key; without it while immudb is away, or says what is not believed. */
export async function proveCopy({ prover, log }: CopyProver, named: NamedCopy) {
  if (named.copy !== 'immudb' || prover === null) return named;
  try {
    const lookup = { key: Buffer.from(named.key), txId: BigInt(named.txId) };
    const answer = await prover.signedEntry(lookup);
    if ('verified' in answer) return { ...named, proof: shown(answer.verified) };
    log.warn(
      { reason: answer.refused.reason },
      'immudb is not believed: a proof is given without that of its copy',
    );
  } catch (error) {
    if (!hasCode(error, 'dependency_down')) throw error;
  }
  return named;
}

function shown({ value, header, index, path, signature }: SignedEntry) {
  return {
    value: value.toString('base64'),
    header: {
      prevAlh: base64(header.prevAlh),
      ts: Number(header.ts),
      version: header.version,
      nentries: header.nentries,
      eH: base64(header.eH),
      blTxId: Number(header.blTxId),
      blRoot: base64(header.blRoot),
    },
    index,
    path: path.map(base64),
    signature: signature.toString('base64'),
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
