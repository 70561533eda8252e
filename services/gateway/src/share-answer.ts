/** Asks once for all who want the answer while the question is open or within `countsForMs` of it; a failure is not remembered. */
export function shareAnswer<T>(ask: () => Promise<T>, countsForMs: number): () => Promise<T> {
  let last: Asked<T> | null = null;
  return async () => {
    if (last !== null && performance.now() < last.until) return await last.answer;
    const asked: Asked<T> = { answer: ask(), until: Number.POSITIVE_INFINITY };
    last = asked;
    const askedAt = performance.now();
    const closeAt = (until: number) => () => void (asked.until = until);
    void asked.answer.then(closeAt(askedAt + countsForMs), closeAt(askedAt));
    return await asked.answer;
  };
}

interface Asked<T> {
  readonly answer: Promise<T>;
  /** By the monotonic clock, in milliseconds; without end while the question is open. */
  until: number;
}
