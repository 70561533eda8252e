import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createEncryptedServer } from 'node:tls';
import { waitUntil } from '@ironforge/testing';

/** A SIEM of the test's own: it takes connections on a port and keeps what comes. */
export interface Receiver extends AsyncDisposable {
  readonly port: number;
  /** Whole frames, in the order in which they came, of all connections. */
  readonly frames: readonly string[];
  /** What becomes of each connection; by default it is read for ever. */
  onConnection(act: (socket: Socket) => void): void;
  /** Cuts every connection, and takes no other until it is opened again on the same port. */
  away(): Promise<void>;
  back(): Promise<void>;
  /** The numbers that came, each once, in the order of their first coming. */
  sequences(): number[];
  heard(count: number): Promise<number[]>;
}

/** What stands between two frames, and where the number of an entry stands in one. */
export interface Wire {
  readonly cut: (bytes: Buffer) => { readonly frames: readonly string[]; readonly rest: Buffer };
  readonly sequenceIn: (frame: string) => number;
}

/** Octet counting with CEF, and JSON lines with OCSF. */
export const WIRES = {
  cef: { cut: cutCounted, sequenceIn: (frame) => Number(/ cn1=(\d+) /.exec(frame)?.[1]) },
  ocsf: { cut: cutLines, sequenceIn: (frame) => Number(/"sequence":(\d+)/.exec(frame)?.[1]) },
} as const satisfies Record<string, Wire>;

/** Opens a receiver; with a certificate it speaks TLS. */
export async function openReceiver(wire: Wire, tls: Certificate | null = null): Promise<Receiver> {
  const frames: string[] = [];
  const sockets = new Set<Socket>();
  let act = (_socket: Socket): void => undefined;
  const take = (socket: Socket) => {
    sockets.add(socket);
    let rest = Buffer.alloc(0);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    socket.on('data', (bytes: Buffer) => {
      const cut = wire.cut(Buffer.concat([rest, bytes]));
      frames.push(...cut.frames);
      rest = Buffer.from(cut.rest);
    });
    act(socket);
  };
  const server = tls === null ? createServer(take) : createEncryptedServer(tls, take);
  server.on('tlsClientError', () => undefined);
  const port = await listenOn(server, 0);
  const away = async () => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  const sequences = () => [...new Set(frames.map(wire.sequenceIn))];
  return {
    port,
    frames,
    onConnection: (next) => {
      act = next;
    },
    away,
    back: async () => void (await listenOn(server, port)),
    sequences,
    heard: (count) =>
      waitUntil(`${count} entries`, () => sequences().length >= count && sequences(), { timeoutMs: 60_000 }),
    [Symbol.asyncDispose]: away,
  };
}

async function listenOn(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function cutCounted(bytes: Buffer) {
  const frames: string[] = [];
  let rest = bytes;
  for (;;) {
    const space = rest.indexOf(0x20);
    const length = Number(rest.subarray(0, Math.max(space, 0)).toString());
    if (space < 1 || rest.length < space + 1 + length) return { frames, rest };
    frames.push(rest.subarray(space + 1, space + 1 + length).toString());
    rest = rest.subarray(space + 1 + length);
  }
}

function cutLines(bytes: Buffer) {
  const end = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.subarray(0, end).toString().split('\n').slice(0, -1);
  return { frames: lines, rest: bytes.subarray(end) };
}

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A certificate that nobody but itself signed (X.509, RFC 5280; Ed25519, RFC 8410), for 127.0.0.1. */
export function newCertificate(): Certificate {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const algorithm = der(0x30, der(0x06, Buffer.from('2b6570', 'hex')));
  const name = der(
    0x30,
    der(0x31, der(0x30, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, Buffer.from('siem')))),
  );
  const validity = der(
    0x30,
    der(0x17, Buffer.from('240101000000Z')),
    der(0x17, Buffer.from('490101000000Z')),
  );
  const address = der(0x30, der(0x87, Buffer.from([127, 0, 0, 1])));
  const alternative = der(0x30, der(0x06, Buffer.from('551d11', 'hex')), der(0x04, address));
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, alternative)),
  );
  const signature = der(0x03, Buffer.concat([Buffer.of(0), sign(null, body, privateKey)]));
  const whole = der(0x30, body, algorithm, signature).toString('base64');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${whole.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
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
