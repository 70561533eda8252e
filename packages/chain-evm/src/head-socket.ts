import { WebSocket } from 'ws';

/** A connection that comes back by itself until it is closed. */
export interface HeadSocket {
  close(): void;
}

/** Keeps a subscription to `eth_subscribe newHeads` open; each message of the node wakes, and that it went away. */
export function keepConnected(url: string, wake: () => void): HeadSocket {
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  let failures = 0;
  let socket = connect();
  function connect(): WebSocket {
    const fresh = new WebSocket(url, { handshakeTimeout: 5_000 });
    fresh.on('open', () => {
      failures = 0;
      fresh.send(SUBSCRIBE);
    });
    // The first message is the subscription itself: heads may have passed while we were away.
    fresh.on('message', wake);
    // An error is always followed by close, which is where we try again.
    fresh.on('error', () => undefined);
    fresh.on('close', () => {
      if (closed) return;
      // One that was never open has announced nothing that could be missing.
      if (failures === 0) wake();
      retry = setTimeout(
        () => (socket = connect()),
        Math.min(RECONNECT_MS * 2 ** failures, SLOWEST_RECONNECT_MS),
      );
      failures += 1;
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
const SLOWEST_RECONNECT_MS = 30_000;
const SUBSCRIBE = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] });
