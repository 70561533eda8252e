import { basename } from 'node:path';
import type { Finding, Gate } from './gate.ts';
import type { Tree } from './tree.ts';

/** Files say what they are about: no utils, helpers, common or manager; kebab-case; migrations by number, verb and noun. */
export const names: Gate = {
  name: 'names',
  find: (tree) => [
    ...tree.files.flatMap(emptyWords),
    ...tree.files.filter((file) => file.endsWith('.ts')).flatMap(otherCase),
    ...tree.files
      .filter((file) => file.startsWith('migrations/'))
      .flatMap((file) => migrationName(file, tree)),
  ],
};

const EMPTY_WORD = /(?:^|[-._/])(?<word>utils?|helpers?|common|managers?|misc)(?=[-._/]|$)/i;
const KEBAB_CASE = /^[a-z0-9]+(?:[-.][a-z0-9]+)*\.ts$/;
const MIGRATION = /^\d{4}(?:_[a-z0-9]+){2,}(?:\.(?:postgres|cockroach))?\.(?:up|down)\.sql$/;

function emptyWords(file: string): Finding[] {
  const word = EMPTY_WORD.exec(file)?.groups?.word;
  if (word === undefined) return [];
  return [
    {
      file,
      line: null,
      what: `the name says "${word}"`,
      fix: 'name what it is about, in one word of docs/glossary.md',
    },
  ];
}

function otherCase(file: string): Finding[] {
  if (KEBAB_CASE.test(basename(file))) return [];
  return [{ file, line: null, what: 'the name is not in kebab-case', fix: 'small words joined by hyphens' }];
}

function migrationName(file: string, { files }: Tree): Finding[] {
  const name = basename(file);
  if (!MIGRATION.test(name)) {
    return [
      {
        file,
        line: null,
        what: 'no name of a migration',
        fix: 'NNNN_verb_noun[.postgres|.cockroach].up|down.sql',
      },
    ];
  }
  if (name.endsWith('.down.sql')) return [];
  const down = name.replace(/(?:\.(?:postgres|cockroach))?\.up\.sql$/, '');
  const hasDown = files.some(
    (other) => other.startsWith(`migrations/${down}.`) && other.endsWith('.down.sql'),
  );
  return hasDown
    ? []
    : [{ file, line: null, what: 'there is no way back', fix: `write migrations/${down}.down.sql` }];
}
