import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ironforge/kernel';
import type { Channel } from 'amqplib';
import { inTime } from './in-time.ts';

/** How a channel is opened, and made ready each time. */
export interface ChannelOptions<C extends Channel> {
  readonly name: string;
  readonly open: () => Promise<C>;
  /** Makes a fresh channel ready for use; `reopened` when an earlier one was lost. */
  readonly setUp: (channel: C, reopened: boolean) => Promise<void>;
  readonly log: Logger;
}

/** A channel that is opened again whenever it closes; amqplib's own recovery brings back connections alone. */
export interface KeptChannel<C extends Channel> {
  /** The channel that is open and set up now, or null between two. */
  current(): C | null;
  /** Resolves when the first channel is ready. */
  readonly ready: Promise<void>;
  /** Opens no more and closes the present one. */
  close(): Promise<void>;
}

/** Keeps one channel open; returns at once, the channel follows when the broker answers. */
export function keepChannelOpen<C extends Channel>(options: ChannelOptions<C>): KeptChannel<C> {
  const stop = new AbortController();
  const firstReady = Promise.withResolvers<void>();
  let current: C | null = null;
  void keep();
  return {
    current: () => current,
    ready: firstReady.promise,
    close: async () => {
      stop.abort();
      const last = current;
      current = null;
      if (last !== null) await inTime(last.close());
    },
  };

  async function keep(): Promise<void> {
    for (let opened = 0; !stop.signal.aborted; opened++) {
      await useOne(opened > 0).catch((error: unknown) => reportLoss(error));
      await sleep(REOPEN_DELAY_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  }

  async function useOne(reopened: boolean): Promise<void> {
    const channel = await options.open();
    const closed = whenClosed(channel, reportLoss);
    await options.setUp(channel, reopened);
    if (stop.signal.aborted) return channel.close();
    current = channel;
    firstReady.resolve();
    await closed;
    if (current === channel) current = null;
  }

  function reportLoss(error: unknown): void {
    if (stop.signal.aborted) return;
    options.log.warn(
      { channel: options.name, error: messageOf(error) },
      'lost a broker channel, opening it again',
    );
  }
}

function whenClosed(channel: Channel, onError: (error: unknown) => void): Promise<void> {
  channel.on('error', onError);
  return new Promise((resolve) => channel.once('close', () => resolve()));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const REOPEN_DELAY_MS = 50;
