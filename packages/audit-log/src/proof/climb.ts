/** A node on the way to the root: its place in its row, and the last place of that row (fn and sn of RFC 9162 §2.1.3.2). */
export interface Rung {
  readonly at: number;
  readonly last: number;
}

/** On which side of a rung the next hash of a proof stands, and the rung above both. */
export function climb(rung: Rung): { readonly sibling: 'left' | 'right'; readonly above: Rung } {
  const hasLeftSibling = isOdd(rung.at) || rung.at === rung.last;
  return hasLeftSibling
    ? { sibling: 'left', above: parentOf(aboveLoneNodes(rung)) }
    : { sibling: 'right', above: parentOf(rung) };
}

/** The rung above as many right children as there are on end: where the proof from an older tree begins (RFC 9162 §2.1.4.2). */
export function aboveRightChildren(rung: Rung): Rung {
  return isOdd(rung.at) ? aboveRightChildren(parentOf(rung)) : rung;
}

/** A last node without a sibling is its own parent, so its proof has no hash for that row. */
function aboveLoneNodes(rung: Rung): Rung {
  return isOdd(rung.at) || rung.at === 0 ? rung : aboveLoneNodes(parentOf(rung));
}

/** By division, since shifts cut numbers to 32 bits. */
function parentOf({ at, last }: Rung): Rung {
  return { at: Math.floor(at / 2), last: Math.floor(last / 2) };
}

function isOdd(value: number): boolean {
  return value % 2 === 1;
}
