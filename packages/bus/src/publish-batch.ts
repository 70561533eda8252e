import type { PublishFailure } from './messages.ts';

/** Null for a message that the broker confirmed. */
export type Answer = PublishFailure | null;

/** Messages that were handed over together: one promise and one deadline for all of them. */
export interface PublishBatch {
  /** What became of one message; an answer after the deadline changes nothing. */
  answer(index: number, answer: Answer): void;
  /** True once each has its answer, or the time is over. */
  isOver(): boolean;
  /** The answers in the order of the messages. */
  readonly answers: Promise<readonly Answer[]>;
}

/** How many messages, for how long, and who is told when the time is over before each has its answer. */
export interface PublishBatchOptions {
  readonly size: number;
  readonly timeoutMs: number;
  readonly onTimeout: (batch: PublishBatch) => void;
}

/** Makes a batch that waits for as many answers as it has messages; those that do not come in time are `timeout`. */
export function createPublishBatch({ size, timeoutMs, onTimeout }: PublishBatchOptions): PublishBatch {
  const { promise, resolve } = Promise.withResolvers<readonly Answer[]>();
  const given = Array.from<Answer>({ length: size }).fill('timeout');
  let missing = size;
  const end = () => {
    missing = 0;
    clearTimeout(timer);
    resolve(given);
  };
  const batch: PublishBatch = {
    answer: (index, answer) => {
      if (missing === 0) return;
      given[index] = answer;
      missing -= 1;
      if (missing === 0) end();
    },
    isOver: () => missing === 0,
    answers: promise,
  };
  const timer = setTimeout(() => {
    onTimeout(batch);
    end();
  }, timeoutMs);
  if (size === 0) end();
  return batch;
}
