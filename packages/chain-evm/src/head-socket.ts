import { WebSocket } from 'ws';

/** A connection that comes back by itself until it is closed. */
export interface HeadSocket {
  close(): void;
}

/** Keeps a subscription to `eth_subscribe newHeads` open; each message of the node wakes, and that it went away. */
export function keepConnected(url: string, wake: () => void): HeadSocket {
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
      if (closed) return;
      wake();
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

const RECONNECT_MS = 1_000;
const SUBSCRIBE = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] });
