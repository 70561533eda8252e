/** Places of which each name may take so many at once. */
export interface Places {
  /** The way to leave, to be called once; null when the name has taken all it may. */
  readonly take: (name: string) => (() => void) | null;
}

/** Makes places that are all free. */
export function createPlaces(most: number): Places {
  const taken = new Map<string, number>();

  function leave(name: string): void {
    const left = (taken.get(name) ?? 0) - 1;
    if (left === 0) taken.delete(name);
    else taken.set(name, left);
  }

  return {
    take(name) {
      const before = taken.get(name) ?? 0;
      if (before >= most) return null;
      taken.set(name, before + 1);
      return () => leave(name);
    },
  };
}
