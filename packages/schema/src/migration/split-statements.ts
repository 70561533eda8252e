const OPENERS = /--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;/g;

/** Cuts a migration into its statements; a semicolon inside a comment, a string or a `$$` body ends nothing. */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let start = 0;
  for (const match of sql.matchAll(OPENERS)) {
    if (match[0] !== ';') continue;
    statements.push(sql.slice(start, match.index));
    start = match.index + 1;
  }
  statements.push(sql.slice(start));
  return statements.map((text) => text.trim()).filter(holdsCode);
}

function holdsCode(statement: string): boolean {
  return statement.replace(/--[^\n]*/g, '').trim() !== '';
}
