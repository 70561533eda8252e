import type { HeadSocket } from './head-socket.ts';

/** Where heads are announced, and whom they wake. */
export interface NewHeadsOptions {
  /** Without it, polling alone wakes. */
  readonly wsUrl: string | undefined;
  readonly blockTimeMs: number;
  readonly wake: () => void;
}

/**
 * Wakes at each head that the node announces by WebSocket (`eth_subscribe newHeads`), and by a slow timer besides:
 * a subscription can die without a word. Without WebSocket the timer is quick. A wake carries no data.
 */
export function subscribeNewHeads({ wsUrl, blockTimeMs, wake }: NewHeadsOptions): AsyncDisposable {
  const pollMs =
    wsUrl === undefined ? clamp(blockTimeMs / 4, 100, 2_000) : clamp(blockTimeMs * 2, 1_000, 15_000);
  const timer = setInterval(wake, pollMs);
  const socket = wsUrl === undefined ? null : openHeadSocket(wsUrl, wake);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      (await socket)?.close();
    },
  };
}

/** The library of WebSockets is loaded by who listens, and by nobody else (ADR 0028). */
async function openHeadSocket(url: string, wake: () => void): Promise<HeadSocket> {
  const { keepConnected } = await import('./head-socket.ts');
  return keepConnected(url, wake);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
