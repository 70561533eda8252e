import type { Finding } from './gate.ts';

/** A piece of SQL and the line of its file where it begins. */
export interface SqlText {
  readonly text: string;
  readonly firstLine: number;
}

interface Rule {
  readonly pattern: RegExp;
  readonly what: string;
  readonly fix: string;
}

/** What one of PostgreSQL and CockroachDB lacks or reads differently. */
const RULES: readonly Rule[] = [
  { pattern: /\bpg_(?:try_)?advisory_\w+/gi, what: 'an advisory lock', fix: 'lock a row' },
  {
    pattern: /(?<=^|;)\s*(?:UN)?LISTEN\b|(?<=^|;)\s*NOTIFY\b|\bpg_notify\b/gi,
    what: 'LISTEN or NOTIFY',
    fix: 'publish by the outbox',
  },
  {
    pattern: /\bDEFERRABLE\b|\bINITIALLY\s+DEFERRED\b|\bSET\s+CONSTRAINTS\b/gi,
    what: 'a deferrable constraint',
    fix: 'write the rows in the order of their references',
  },
  { pattern: /\bINCLUDE\s*\(/gi, what: 'an INCLUDE index', fix: 'add the columns to the key' },
  {
    pattern:
      /\b(?:SMALL|BIG)?SERIAL[248]?\b|\b(?:CREATE|ALTER)\s+SEQUENCE\b|\b(?:nextval|setval|currval)\s*\(|\bAS\s+IDENTITY\b/gi,
    what: 'a sequence',
    fix: 'a random UUID made by newId',
  },
  { pattern: /\b(?:CREATE|ALTER)\s+DOMAIN\b/gi, what: 'a domain', fix: 'a CHECK on the column' },
  {
    pattern: /\bEXCLUDE\s*(?:USING\b|\()/gi,
    what: 'an exclusion constraint',
    fix: 'a unique key, or a locked row',
  },
  {
    pattern: /\b(?:TINY|SMALL|BIG)?INT\b|\bINTEGER\b/gi,
    what: 'an integer whose size differs by engine',
    fix: 'write INT4 or INT8',
  },
  {
    pattern: /\bSKIP\s+LOCKED\b/gi,
    what: 'SKIP LOCKED',
    fix: 'claim by UPDATE … WHERE state = … RETURNING, or by hash lanes',
  },
];

/** Where a piece of SQL says what not both engines run alike. */
export function sqlFindings(file: string, { text, firstLine }: SqlText): Finding[] {
  const bare = withoutWords(text);
  return RULES.flatMap(({ pattern, what, fix }) =>
    [...bare.matchAll(pattern)].map((match) => {
      const start = match.index + match[0].length - match[0].trimStart().length;
      const line = firstLine + bare.slice(0, start).split('\n').length - 1;
      return { file, line, what: `${what}: ${match[0].trim()}`, fix };
    }),
  );
}

/** The same text with comments and quoted strings blanked, every line where it was. */
export function withoutWords(sql: string): string {
  return sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'/g, (words) => words.replace(/[^\n]/g, ' '));
}
