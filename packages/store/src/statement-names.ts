import type { CompiledQuery } from 'knex/lib/dialects/postgres/index.js';

/** Names for statements that are worth to be prepared: the same text has the same name on each connection of a pool. */
export interface StatementNames {
  /** Null for what is said once, for what must not be prepared, and when all names are given away. */
  nameOf(query: Pick<CompiledQuery, 'sql' | 'bindings'>): string | null;
}

/** Each connection keeps every named statement with its plan, so that there is an end to them. */
const MAX_NAMES = 300;

/** Makes the names of one pool. A text is named when it comes for the second time. */
export function createStatementNames(maxNames = MAX_NAMES): StatementNames {
  const names = new Map<string, string | null>();
  let given = 0;
  return {
    nameOf({ sql, bindings = [] }) {
      if (bindings.length === 0 || SELECTS_ALL.test(sql)) return null;
      const name = names.get(sql);
      if (name !== undefined && name !== null) return name;
      if (given >= maxNames) return null;
      if (name === undefined) {
        if (names.size < 2 * maxNames) names.set(sql, null);
        return null;
      }
      given += 1;
      names.set(sql, `s${given}`);
      return `s${given}`;
    },
  };
}

/** Its answer changes its shape when a migration adds a column, which a prepared statement does not survive. */
const SELECTS_ALL = /(?:select|returning)\s+(?:"?\w+"?\.)?\*/i;
