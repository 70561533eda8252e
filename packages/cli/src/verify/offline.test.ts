import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const IMPORT = /(?:from|import) '(?<name>[^']+)'|import\('(?<lazy>[^']+)'\)/g;
const TYPES = /^import type [^;]+;/gm;

it('verify reaches no network, database or service, but files and the pure tree', () => {
  const command = new URL('./verify-command.ts', import.meta.url);
  expect(packagesOf(command)).toEqual(
    new Set(['@ironforge/audit-log', '@ironforge/kernel', 'node:fs', 'node:stream/consumers']),
  );
});

/** The packages that a file imports, by itself and by the files that it imports. */
function packagesOf(start: URL): Set<string> {
  const files = [start];
  const packages = new Set<string>();
  for (const file of files) {
    const code = readFileSync(file, 'utf8').replaceAll(TYPES, '');
    for (const { groups } of code.matchAll(IMPORT)) {
      const name = groups?.['name'] ?? groups?.['lazy'] ?? '';
      const next = new URL(name, file);
      if (!name.startsWith('.')) packages.add(name);
      else if (!files.some(({ href }) => href === next.href)) files.push(next);
    }
  }
  return packages;
}
