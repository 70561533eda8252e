import { createServer, type Socket, connect as connectTcp } from 'node:net';
import { listenOnLoopback } from './listen-on-loopback.ts';

/** What becomes of one chunk: it goes on, it is lost, its connection ends with a reset or in order, or other bytes go instead. */
export type Verdict = 'pass' | 'drop' | 'reset' | 'end' | Buffer;

/** Decides over one chunk; `connection` is the same object for all chunks of one connection, both ways. */
export type Act = (chunk: Buffer, connection: object) => Verdict;

/** A TCP proxy that fails on demand. */
export interface FaultProxy extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** The given address with this proxy's host and port. */
  readonly urlFor: (url: string) => string;
  /** Holds back every chunk, in both directions, for so long. */
  readonly delay: (ms: number) => void;
  /** Bytes vanish in both directions while connections stay open, as on a cut line. */
  readonly cut: () => void;
  /** Keeps back every chunk, in both directions; `heal` lets them go, in order. */
  readonly hold: () => void;
  /** Ends every connection with a reset, and gives their number. */
  readonly reset: () => number;
  /** Refuses new connections and resets those that are open. */
  readonly refuse: () => void;
  /** Undoes delay, cut, hold, refuse and the acts. Bytes that were lost stay lost. */
  readonly heal: () => void;
  /** How often a request followed an answer, on all connections: the round trips that a client waited for. */
  readonly roundTrips: () => number;
  /** Decides over each chunk that a client sends; null lets all pass. */
  readonly onRequest: (act: Act | null) => void;
  /** The same for what the server answers. */
  readonly onAnswer: (act: Act | null) => void;
}

interface Target {
  readonly host: string;
  readonly port: number;
}

interface Line {
  readonly target: Target;
  readonly sockets: Set<Socket>;
  delayMs: number;
  isCut: boolean;
  held: (() => void)[] | null;
  refuses: boolean;
  roundTrips: number;
  onRequest: Act | null;
  onAnswer: Act | null;
}

const HEALTHY = { delayMs: 0, isCut: false, held: null, refuses: false, onRequest: null, onAnswer: null };

/** Opens a proxy on the loopback interface; `target` is a URL or host and port. */
export async function createFaultProxy(target: string | Target): Promise<FaultProxy> {
  const to = typeof target === 'string' ? targetOf(target) : target;
  const line: Line = { target: to, sockets: new Set(), roundTrips: 0, ...HEALTHY };
  const server = createServer((client) => join(client, line));
  const port = await listenOnLoopback(server);
  const reset = () => resetAll(line.sockets);
  return {
    host: '127.0.0.1',
    port,
    urlFor: (url) => Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href,
    delay: (ms) => void (line.delayMs = ms),
    cut: () => void (line.isCut = true),
    hold: () => void (line.held ??= []),
    reset,
    refuse: () => {
      line.refuses = true;
      reset();
    },
    heal: () => heal(line),
    roundTrips: () => line.roundTrips,
    onRequest: (act) => void (line.onRequest = act),
    onAnswer: (act) => void (line.onAnswer = act),
    [Symbol.asyncDispose]: async () => {
      reset();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'postgres:': 5432,
  'amqp:': 5672,
  'redis:': 6379,
  'http:': 80,
  'ws:': 80,
};

function targetOf(text: string): Target {
  const url = new URL(text);
  return { host: url.hostname, port: Number(url.port || DEFAULT_PORTS[url.protocol]) };
}

function join(client: Socket, line: Line): void {
  if (line.refuses) return void client.resetAndDestroy();
  const server = connectTcp(line.target);
  const reset = () => {
    client.resetAndDestroy();
    server.destroy();
  };
  const ends = { reset, end: () => void client.end() };
  for (const socket of [client, server]) track(socket, line.sockets, reset);
  let isAnswered = true;
  client.on('data', (chunk: Buffer) => {
    if (isAnswered) line.roundTrips += 1;
    isAnswered = false;
    pass(chunk, { connection: client, to: server, act: line.onRequest, line, ends });
  });
  server.on('data', (chunk: Buffer) => {
    isAnswered = true;
    pass(chunk, { connection: client, to: client, act: line.onAnswer, line, ends });
  });
}

function track(socket: Socket, sockets: Set<Socket>, reset: () => void): void {
  sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', reset).on('close', () => {
    sockets.delete(socket);
    reset();
  });
}

interface Way {
  readonly connection: object;
  readonly to: Socket;
  readonly act: Act | null;
  readonly line: Line;
  readonly ends: { readonly reset: () => void; readonly end: () => void };
}

function pass(chunk: Buffer, { connection, to, act, line, ends }: Way): void {
  const verdict = act?.(chunk, connection) ?? 'pass';
  if (verdict === 'reset' || verdict === 'end') return ends[verdict]();
  if (verdict === 'drop' || line.isCut) return;
  const bytes = verdict === 'pass' ? chunk : verdict;
  const send = () => void (to.writable && to.write(bytes));
  if (line.held !== null) line.held.push(send);
  else if (line.delayMs === 0) send();
  else setTimeout(send, line.delayMs);
}

function heal(line: Line): void {
  const held = line.held ?? [];
  Object.assign(line, HEALTHY);
  for (const send of held) send();
}

function resetAll(sockets: Set<Socket>): number {
  const open = [...sockets];
  for (const socket of open) socket.resetAndDestroy();
  return open.length / 2;
}
