import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createEncryptedServer } from 'node:tls';
import { type Certificate, waitUntil } from '@ironforge/testing';

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
