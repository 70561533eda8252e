import { WebSocket } from 'ws';

/** Where heads are announced, and whom they wake. */
export interface NewHeadsOptions {
  /** Without it, polling alone wakes. */
  readonly wsUrl: string | undefined;
  readonly blockTimeMs: number;
  readonly wake: () => void;
}

const RECONNECT_MS = 1_000;
const SUBSCRIBE = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] });

/**
 * Wakes at each head that the node announces by WebSocket (`eth_subscribe newHeads`), and by a slow timer besides:
 * a subscription can die without a word. Without WebSocket the timer is quick. A wake carries no data.
 */
export function subscribeNewHeads({ wsUrl, blockTimeMs, wake }: NewHeadsOptions): AsyncDisposable {
  const pollMs =
    wsUrl === undefined ? clamp(blockTimeMs / 4, 100, 2_000) : clamp(blockTimeMs * 2, 1_000, 15_000);
  const timer = setInterval(wake, pollMs);
  const socket = wsUrl === undefined ? null : keepConnected(wsUrl, wake);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      socket?.close();
    },
  };
}

function keepConnected(url: string, wake: () => void): { close(): void } {
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let socket = connect();
  function connect(): WebSocket {
    const fresh = new WebSocket(url, { handshakeTimeout: 5_000 });
    fresh.on('open', () => fresh.send(SUBSCRIBE));
    // The first message is the subscription itself: heads may have passed while we were away.
    fresh.on('message', wake);
    // An error is always followed by close, which is where we try again.
    fresh.on('error', () => undefined);
    fresh.on('close', () => {
      if (!closed)
        retry = setTimeout(() => {
          socket = connect();
        }, RECONNECT_MS);
    });
    return fresh;
  }
  return {
    close() {
      closed = true;
      clearTimeout(retry);
      socket.terminate();
    },
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
