import type { Answer, PublishBatch } from './publish-batch.ts';
import type { Window } from './window.ts';

/** The messages that wait for their confirms, told apart by a tag of ours, since one id may be on its way twice. */
export interface InFlight {
  /** Each message on its way has a place in it. */
  readonly window: Window;
  /** Adds a message that has its place, and gives its tag. */
  add(batch: PublishBatch, index: number): string;
  /** The broker sends a return, if there is one, before the confirm. */
  noteReturn(tag: string): void;
  /** Ends the wait for one message and gives its place back; a tag that is not waited for any more changes nothing. */
  settle(tag: string, answer: Answer): void;
  /** Ends the wait for the messages of a batch, whose time is over. */
  readonly giveUp: (batch: PublishBatch) => void;
  count(): number;
  /** Resolves when none of those that are on their way now waits any more. */
  settled(): Promise<void>;
}

interface Waiting {
  readonly batch: PublishBatch;
  readonly index: number;
  returned: boolean;
}

/** Makes the table of one channel's messages. */
export function createInFlight(window: Window): InFlight {
  const waiting = new Map<string, Waiting>();
  let lastTag = 0;
  const settle = (tag: string, answer: Answer) => {
    const one = waiting.get(tag);
    if (one === undefined) return;
    waiting.delete(tag);
    window.leave();
    one.batch.answer(one.index, answer === null && one.returned ? 'unroutable' : answer);
  };
  return {
    window,
    add: (batch, index) => {
      const tag = String(++lastTag);
      waiting.set(tag, { batch, index, returned: false });
      return tag;
    },
    noteReturn: (tag) => {
      const one = waiting.get(tag);
      if (one !== undefined) one.returned = true;
    },
    settle,
    giveUp: (batch) => {
      for (const [tag, one] of waiting) if (one.batch === batch) settle(tag, 'timeout');
    },
    count: () => waiting.size,
    settled: async () => {
      await Promise.all([...waiting.values()].map(({ batch }) => batch.answers));
    },
  };
}
