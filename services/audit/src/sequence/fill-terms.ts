import type { Store } from '@ironforge/store';
import { termsOfText } from '../entry/terms-of-text.ts';
import { entriesWithoutTerms, fillTerms } from '../queries/entry-terms.ts';

/**
 * Gives some of the sealed entries that have no words theirs: those of before there were any, and those whose words somebody took away.
 * At READ COMMITTED: of two processes that fill the same entry both write the same.
 */
export async function fillMissingTerms(store: Store): Promise<void> {
  await store.system('audit_terms').transaction(
    async (tx) => {
      const missing = await entriesWithoutTerms(tx, AT_ONCE);
      if (missing.length === 0) return;
      const filled = missing.map(({ tenant_id: tenantId, id, canonical }) => {
        return { tenantId, id, terms: termsOfText(canonical) };
      });
      await fillTerms(tx, filled);
    },
    { isolation: 'read committed' },
  );
}

/** With one sweep a second a million entries take half an hour, and a sweep a fifth of a second. */
const AT_ONCE = 500;
