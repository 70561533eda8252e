import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that nobody but itself signed (X.509, RFC 5280; Ed25519, RFC 8410), for an IPv4 address: 127.0.0.1 by default. */
export function newCertificate(address = '127.0.0.1'): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const body = bodyOf(publicKey, address);
  const signature = der(BITS, Buffer.of(0), sign(null, body, privateKey));
  const whole = der(SEQUENCE, body, ED25519, signature).toString('base64');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${whole.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const [INTEGER, BITS, BYTES, ID, TEXT, TIME, SEQUENCE, SET] = [2, 3, 4, 6, 0x0c, 0x17, 0x30, 0x31] as const;
const ED25519 = der(SEQUENCE, der(ID, Buffer.from('2b6570', 'hex')));
const COMMON_NAME = der(ID, Buffer.from('550403', 'hex'));
const ALTERNATIVE_NAME = der(ID, Buffer.from('551d11', 'hex'));

/** What is signed: version 3, a number, who signed it, for how long, whose it is, his key, and under which address he is found. */
function bodyOf(publicKey: KeyObject, address: string): Buffer {
  const name = der(SEQUENCE, der(SET, der(SEQUENCE, COMMON_NAME, der(TEXT, Buffer.from('a test')))));
  const years = der(
    SEQUENCE,
    der(TIME, Buffer.from('240101000000Z')),
    der(TIME, Buffer.from('490101000000Z')),
  );
  const found = der(SEQUENCE, der(0x87, Buffer.from(address.split('.').map(Number))));
  return der(
    SEQUENCE,
    der(0xa0, der(INTEGER, Buffer.of(2))),
    der(INTEGER, Buffer.of(1)),
    ...[ED25519, name, years, name],
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(SEQUENCE, der(SEQUENCE, ALTERNATIVE_NAME, der(BYTES, found)))),
  );
}

/** A value of DER: tag, length, contents (X.690). */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, ...derLength(content.length)]), content]);
}

function derLength(length: number): number[] {
  if (length < 128) return [length];
  return length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
}
