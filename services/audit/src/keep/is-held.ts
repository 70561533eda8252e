import { ROUTES } from '@ironforge/contracts';
import type { TenantId } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { hasFitting, type Span } from '../queries/due-entries.ts';
import type { StoredHold } from '../queries/legal-holds.ts';
import { typesOf } from './kept-as.ts';

/** Whether one of the holds covers an entry of the span. Throws for a scope that cannot be read, so that nothing is pruned past it. */
export async function isHeld(
  tx: Tx,
  tenantId: TenantId,
  { span, holds }: { readonly span: Span; readonly holds: readonly StoredHold[] },
): Promise<boolean> {
  for (const { scope } of holds) {
    const { category, ...fields } = Scope.parse(scope);
    const types = category === undefined ? null : typesOf(category);
    if (await hasFitting(tx, tenantId, { span, fields: { ...fields, types } })) return true;
  }
  return false;
}

const Scope = ROUTES.placeLegalHold.body.shape.scope;
