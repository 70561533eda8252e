import { p256 } from '@noble/curves/nist.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { formatBase64 } from '../text/encodings.ts';
import { leafHash } from '../tree/hashes.ts';
import { obviousInclusion, obviousRoot } from '../tree/obvious-tree.fixture.ts';
import { entryDigest } from './entry-digest.ts';
import { signedBytes } from './signed-state.ts';
import { type TxHeader, txHash } from './tx-header.ts';

const SPKI = Uint8Array.from(
  '3059301306072a8648ce3d020106082a8648ce3d030107034200'.match(/../g) ?? [],
  (byte) => Number.parseInt(byte, 16),
);

/** A server of immudb's by the byte that its key is made of. */
export function playedServer(seedByte: number) {
  const secret = new Uint8Array(32).fill(seedByte);
  const spki = concatBytes(SPKI, p256.getPublicKey(secret, false));
  const pem = `-----BEGIN PUBLIC KEY-----\n${formatBase64(spki)}\n-----END PUBLIC KEY-----\n`;
  return { pem, copyOf: (entry: CopiedEntry) => copyOf(secret, entry) };
}

/** An entry with what is written of it. */
export interface CopiedEntry {
  readonly tenantId: string;
  readonly sequence: number;
  readonly value: Uint8Array;
}

/** What a bundle says of an entry that stands in a transaction between others. */
function copyOf(secret: Uint8Array, { tenantId, sequence, value }: CopiedEntry) {
  const keyAt = (number: number) => `audit/${tenantId}/entry/${String(number).padStart(16, '0')}`;
  const numbers = [sequence - 1, sequence, sequence + 1, sequence + 2, sequence + 3];
  const leaves = numbers.map((number) => {
    const own = number === sequence ? value : utf8ToBytes(`another ${number}`);
    return leafHash(entryDigest(1, { key: utf8ToBytes(keyAt(number)), value: own }, null) ?? own);
  });
  const header: TxHeader = {
    id: 41n,
    prevAlh: new Uint8Array(32).fill(1),
    ts: 1_764_000_000n,
    version: 1,
    metadata: null,
    nentries: leaves.length,
    eH: obviousRoot(leaves),
    blTxId: 40n,
    blRoot: new Uint8Array(32).fill(2),
  };
  const state = { database: 'ledger', id: header.id, hash: txHash(header) };
  const signature = p256.sign(signedBytes(state), secret, { format: 'der' });
  return {
    copy: 'immudb',
    database: state.database,
    key: keyAt(sequence),
    txId: Number(header.id),
    txHash: Array.from(state.hash, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    proof: {
      value: formatBase64(value),
      header: {
        prevAlh: formatBase64(header.prevAlh),
        ts: Number(header.ts),
        version: header.version,
        nentries: header.nentries,
        eH: formatBase64(header.eH),
        blTxId: Number(header.blTxId),
        blRoot: formatBase64(header.blRoot),
      },
      index: 1,
      path: obviousInclusion(1, leaves).map(formatBase64),
      signature: formatBase64(signature),
    },
  };
}
