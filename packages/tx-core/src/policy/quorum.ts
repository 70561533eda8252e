import type { UserId } from '@ironforge/kernel';

/** A group with its people, as resolved at submission. */
export type ResolvedGroup = {
  readonly name: string;
  readonly required: number;
  readonly approverIds: readonly UserId[];
  /** Whose holders they were; null for named people. */
  readonly role: string | null;
};

export type GroupStatus = { readonly group: string; readonly required: number; readonly given: number };

/** `groups` tells how the alternative that is nearest to its quorum stands. */
export type QuorumStatus = { readonly isMet: boolean; readonly groups: readonly GroupStatus[] };

/**
 * A quorum holds when the approvers can be assigned, each to one group, so that every group of one
 * alternative is full: a maximum bipartite matching by augmenting paths (Kuhn 1955), not first come first booked.
 */
export function quorumStatus(
  alternatives: readonly (readonly ResolvedGroup[])[],
  approverIds: readonly UserId[],
): QuorumStatus {
  const people = [...new Set(approverIds)];
  const statuses = alternatives.map((groups) => statusOf(groups, people));
  const [nearest] = statuses.toSorted((a, b) => missing(a) - missing(b));
  return nearest ?? { isMet: false, groups: [] };
}

/** Those whose approval counts: once each, still active, and not the initiator under any name. */
export function countingApprovers(
  given: readonly UserId[],
  initiatorIds: readonly UserId[],
  activeIds: ReadonlySet<UserId>,
): readonly UserId[] {
  return [...new Set(given)].filter((id) => activeIds.has(id) && !initiatorIds.includes(id));
}

/** The groups with those alone who have their rights still: active, and in the group of a role whoever has it now. */
export function presentGroups<G extends ResolvedGroup>(
  groups: readonly G[],
  { approverIds, rolesOf }: Present,
): readonly G[] {
  const counts = (role: string | null) => (id: UserId) =>
    approverIds.has(id) && (role === null || rolesOf.get(id)?.includes(role) === true);
  return groups.map((group) => ({ ...group, approverIds: group.approverIds.filter(counts(group.role)) }));
}

/** Who may approve at this moment, and by which roles. */
type Present = {
  readonly approverIds: ReadonlySet<UserId>;
  readonly rolesOf: ReadonlyMap<string, readonly string[]>;
};

type Seat = { readonly approverIds: readonly UserId[]; readonly group: number; holder: UserId | null };

function statusOf(groups: readonly ResolvedGroup[], people: readonly UserId[]): QuorumStatus {
  const seats = groups.flatMap(({ required, approverIds }, group): Seat[] =>
    Array.from({ length: required }, () => ({ approverIds, group, holder: null })),
  );
  for (const person of people) seatPerson(person, seats, new Set());
  const given = (group: number) =>
    seats.filter((seat) => seat.group === group && seat.holder !== null).length;
  const statuses = groups.map(({ name, required }, index) => ({
    group: name,
    required,
    given: given(index),
  }));
  return { isMet: seats.length > 0 && seats.every(({ holder }) => holder !== null), groups: statuses };
}

/** Finds a seat, moving those who sit elsewhere as well; true when everybody involved has one. */
function seatPerson(person: UserId, seats: readonly Seat[], tried: Set<Seat>): boolean {
  for (const seat of seats) {
    if (tried.has(seat) || !seat.approverIds.includes(person)) continue;
    tried.add(seat);
    if (seat.holder !== null && !seatPerson(seat.holder, seats, tried)) continue;
    seat.holder = person;
    return true;
  }
  return false;
}

function missing({ groups }: QuorumStatus): number {
  return groups.reduce((sum, { required, given }) => sum + required - given, 0);
}
