import type { Finding, Gate } from './gate.ts';
import { withoutWords } from './sql-rules.ts';
import type { Tree } from './tree.ts';

/** Every table with a `tenant_id` has it NOT NULL, has row-level security enabled and forced, and a policy, on either engine. */
export const tenantWalls: Gate = {
  name: 'tenant-walls',
  find: (tree) => {
    const findings = ['postgres', 'cockroach'].flatMap((engine) =>
      engineFindings(migrationsFor(engine, tree)),
    );
    return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()];
  },
};

interface Migration {
  readonly file: string;
  readonly sql: string;
}

interface Table {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly tenantColumn: string;
}

function migrationsFor(engine: string, tree: Tree): Migration[] {
  const other = engine === 'postgres' ? '.cockroach.' : '.postgres.';
  return tree.files
    .filter((file) => file.startsWith('migrations/') && file.endsWith('.up.sql') && !file.includes(other))
    .map((file) => ({ file, sql: withoutWords(tree.read(file)) }));
}

function engineFindings(migrations: readonly Migration[]): Finding[] {
  const all = migrations.map(({ sql }) => sql).join('\n');
  return migrations
    .flatMap(tenantTables)
    .flatMap((table) => [...missingWalls(table, all), ...nullableTenant(table)]);
}

const CREATE_TABLE =
  /\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?<name>\w+)\s*\((?<body>[\s\S]*?)\n?\)\s*(?:;|PARTITION|$)/gi;
const ADD_TENANT = /\bALTER\s+TABLE\s+(?<name>\w+)\s+ADD\s+(?:COLUMN\s+)?(?<column>tenant_id\b[^;]*)/gi;

function tenantTables({ file, sql }: Migration): Table[] {
  const created = [...sql.matchAll(CREATE_TABLE)].flatMap((match) => {
    const column = /^\s*tenant_id\b[^\n]*/im.exec(match.groups?.body ?? '')?.[0];
    return column === undefined ? [] : [toTable(match, file, column)];
  });
  const added = [...sql.matchAll(ADD_TENANT)].map((match) =>
    toTable(match, file, match.groups?.column ?? ''),
  );
  return [...created, ...added];
}

function toTable(match: RegExpExecArray, file: string, tenantColumn: string): Table {
  const line = match.input.slice(0, match.index).split('\n').length;
  return { name: match.groups?.name ?? '', file, line, tenantColumn };
}

function missingWalls({ name, file, line }: Table, all: string): Finding[] {
  const wanted = [
    `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${name} FORCE ROW LEVEL SECURITY`,
    `CREATE POLICY tenant_isolation ON ${name}`,
  ];
  const missing = wanted.filter((statement) => !saying(statement).test(all));
  const lowered = [
    `ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY`,
    `ALTER TABLE ${name} NO FORCE ROW LEVEL SECURITY`,
  ];
  const refused = lowered.filter((statement) => saying(statement).test(all));
  return [
    ...missing.map((fix) => ({
      file,
      line,
      what: `tenant table ${name} has no full wall`,
      fix: `add: ${fix}`,
    })),
    ...refused.map((what) => ({ file, line, what, fix: 'remove it: the second wall stays up' })),
  ];
}

function nullableTenant({ name, file, line, tenantColumn }: Table): Finding[] {
  if (/\bNOT\s+NULL\b|\bPRIMARY\s+KEY\b/i.test(tenantColumn)) return [];
  return [{ file, line, what: `tenant_id of ${name} may be null`, fix: 'tenant_id UUID NOT NULL' }];
}

function saying(statement: string): RegExp {
  return new RegExp(`\\b${statement.replaceAll(' ', '\\s+')}\\b`, 'i');
}
