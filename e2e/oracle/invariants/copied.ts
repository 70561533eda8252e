import type { Facts } from '../facts/facts.ts';
import { headIn } from '../head.ts';
import type { Violation } from '../violation.ts';

/** I4, its second copy: where there is one it has every log up to its newest checkpoint, written in the order of the log. */
export function copied({ copiedInto, heads, copies }: Facts): Violation[] {
  if (copiedInto === null) return [];
  const there = copies.filter(({ database }) => database === copiedInto);
  const copiesOf = Map.groupBy(there, ({ tenant_id }) => tenant_id);
  return heads.flatMap(({ tenant_id: tenantId, note }) => {
    const own = copiesOf.get(tenantId) ?? [];
    const [sealed, size] = [headIn(note).size, own.at(-1)?.size ?? 0];
    const late = own.find(({ tx_id }, at) => tx_id < (own[at - 1]?.tx_id ?? 0));
    return [
      ...(size === sealed ? [] : [broken(tenantId, `has ${sealed} sealed entries, and ${size} are copied`)]),
      ...(late === undefined
        ? []
        : [broken(tenantId, `was copied up to ${late.size} before what comes before that`)]),
    ];
  });
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I4', id, what };
}
