import { generateKeyPairSync, sign } from 'node:crypto';
import { entryDigest, entryKey, leafHash, signedBytes, txHash } from '@ironforge/audit-log';

/** A server of immudb's: its key in PEM, and what a bundle says of an entry that is alone in its transaction. */
export function playedServer() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const copyOf = (tenantId: string, sequence: number, text: string) => {
    const key = entryKey(tenantId, BigInt(sequence));
    const value = Buffer.concat([leafHash(Buffer.from(text)), Buffer.from('a cipher and its tag')]);
    const digest = entryDigest(1, { key: Buffer.from(key), value }, null) ?? Buffer.alloc(0);
    const header = {
      prevAlh: Buffer.alloc(32, 1),
      ts: 1_764_000_000n,
      version: 1,
      nentries: 1,
      eH: leafHash(digest),
      blTxId: 40n,
      blRoot: Buffer.alloc(32, 2),
    } as const;
    const [id, database] = [41n, 'ledger'];
    const hash = txHash({ ...header, id, metadata: null });
    const signature = sign('sha256', signedBytes({ database, id, hash }), privateKey);
    const said = {
      prevAlh: base64(header.prevAlh),
      ts: Number(header.ts),
      version: header.version,
      nentries: header.nentries,
      eH: base64(header.eH),
      blTxId: Number(header.blTxId),
      blRoot: base64(header.blRoot),
    };
    const proof = {
      value: value.toString('base64'),
      header: said,
      index: 0,
      path: [],
      signature: signature.toString('base64'),
    };
    return {
      copy: 'immudb',
      database,
      key,
      txId: Number(id),
      txHash: Buffer.from(hash).toString('hex'),
      proof,
    };
  };
  return { pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(), copyOf };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
