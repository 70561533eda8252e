const SAY_EVERY_MS = 3_000;

/** Does a long thing and says what it is at its start and every three seconds. */
export async function withProgress<T>(
  say: (line: string) => void,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const startedAt = Date.now();
  say(`${what} …`);
  const timer = setInterval(
    () => say(`${what} … ${Math.round((Date.now() - startedAt) / 1_000)} s`),
    SAY_EVERY_MS,
  );
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
