/** What one work waits for while others are under way. */
export interface Gathering<Asked> {
  /** Takes part in the next batch of this name; the first begins at once. */
  add(name: string, asked: Asked): void;
}

/** How many go together, and what becomes of them; `together` must not reject. */
export interface GatheringOptions<Asked> {
  readonly maxTogether: number;
  /** Waits until a batch may begin: what comes until then goes with it. At once by default. */
  readonly turn?: (begin: () => Promise<void>) => Promise<void>;
  readonly together: (batch: readonly Asked[]) => Promise<void>;
}

/** Gathers under each name what comes while a batch of that name is under way, so that the next one takes it together. */
export function createGathering<Asked>(options: GatheringOptions<Asked>): Gathering<Asked> {
  const { maxTogether, together, turn = atOnce } = options;
  const waiting = new Map<string, Asked[]>();
  return {
    add(name, asked) {
      const others = waiting.get(name);
      if (others === undefined) begin(name, asked);
      else others.push(asked);
    },
  };

  function begin(name: string, asked: Asked): void {
    const queue = [asked];
    waiting.set(name, queue);
    void empty(name, queue);
  }

  /** The queue goes in the same turn in which it was seen to be empty: who comes a moment later must not wait in it for ever. */
  async function empty(name: string, queue: Asked[]): Promise<void> {
    while (queue.length > 0) await turn(() => together(queue.splice(0, maxTogether)));
    waiting.delete(name);
  }
}

async function atOnce(begin: () => Promise<void>): Promise<void> {
  await begin();
}
