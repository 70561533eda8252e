import type { Entry } from '../entry/entry.ts';
import type { KnownEntries } from '../queries/known-entries.ts';

/** An entry whose turn has come before it is stored, and the last numbered version of its aggregate. */
export interface ReadyOnArrival {
  readonly entry: Entry;
  readonly baseVersion: number;
}

/** New entries, apart: those that can be numbered now, in the order in which they shall be, and those that wait for others. */
export interface Apart {
  readonly ready: readonly ReadyOnArrival[];
  readonly left: readonly Entry[];
}

/**
 * Tells apart what can be numbered now, as `readyEntries` does of what is stored: of each aggregate of which nothing waits the
 * unbroken run of versions after the last numbered one, by time; the time of an entry never counts as earlier than that of a lower
 * version. An event that has its entry, or comes twice, is in neither.
 */
export function readyOnArrival(entries: readonly Entry[], known: KnownEntries): Apart {
  const fresh = onePerEvent(entries.filter(({ eventId }) => !known.events.has(eventId)));
  const runs = [...Map.groupBy(fresh, ({ aggregate }) => aggregate)].map(([aggregate, all]) =>
    known.waiting.has(aggregate) ? { turns: [], left: all } : runOf(all, known.versions.get(aggregate) ?? 0),
  );
  const turns = runs.flatMap((run) => run.turns).toSorted(byTurn);
  return { ready: turns.map(({ ready }) => ready), left: runs.flatMap(({ left }) => left) };
}

function onePerEvent(entries: readonly Entry[]): readonly Entry[] {
  return [...new Map(entries.map((entry) => [entry.eventId, entry])).values()];
}

/** One that is ready, and the time by which it is ordered. */
interface Turn {
  readonly ready: ReadyOnArrival;
  readonly at: number;
}

interface Run {
  readonly turns: readonly Turn[];
  readonly left: readonly Entry[];
}

/** Of one aggregate, in the order of versions: up to the first that is missing. What comes a second time is numbered too. */
function runOf(entries: readonly Entry[], baseVersion: number): Run {
  const byVersion = Map.groupBy(entries, ({ aggregateVersion }) => aggregateVersion);
  const turns: Turn[] = [];
  const left: Entry[] = [];
  let reached = baseVersion;
  let at = -Infinity;
  for (const [version, peers] of [...byVersion].toSorted(([one], [other]) => one - other)) {
    at = Math.max(at, ...peers.map(({ occurredAt }) => occurredAt.getTime()));
    if (version > reached + 1) left.push(...peers);
    else turns.push(...turnsOf(peers, { baseVersion, at }));
    if (version === reached + 1) reached = version;
  }
  return { turns, left };
}

function turnsOf(
  entries: readonly Entry[],
  { baseVersion, at }: { readonly baseVersion: number; readonly at: number },
): readonly Turn[] {
  return entries.map((entry) => ({ ready: { entry, baseVersion }, at }));
}

function byTurn(one: Turn, other: Turn): number {
  const [a, b] = [one.ready.entry, other.ready.entry];
  return (
    one.at - other.at ||
    compare(a.aggregate, b.aggregate) ||
    a.aggregateVersion - b.aggregateVersion ||
    compare(a.eventId, b.eventId)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
