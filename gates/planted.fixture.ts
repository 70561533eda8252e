import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding, Gate } from './gate.ts';
import { openTree, type Tree, treeOf } from './tree.ts';

type Texts = Readonly<Record<string, string>>;

/** What a gate says about files that exist in memory alone, as `file:line what`. */
export async function saidOf(gate: Gate, texts: Texts): Promise<string[]> {
  const tree = treeOf('/planted', Object.keys(texts).toSorted(), (file) => texts[file] ?? '');
  return said(await gate.find(tree));
}

/** A throw-away folder with the workspace's own configuration, its node_modules, and the files planted into it. */
export function plantFolder(texts: Texts): Disposable & { readonly tree: Tree } {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'ironforge-gate-')));
  for (const file of CONFIGURATION) cpSync(join(WORKSPACE, file), join(folder, file));
  symlinkSync(join(WORKSPACE, 'node_modules'), join(folder, 'node_modules'));
  for (const [file, text] of Object.entries({ ...ROOT, ...texts })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return { tree: openTree(folder), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

/** Findings as `file:line what`. */
export function said(findings: readonly Finding[]): string[] {
  return findings.map(
    ({ file, line, what }) => `${line === null ? file : `${file}:${String(line)}`} ${what}`,
  );
}

const WORKSPACE = fileURLToPath(new URL('..', import.meta.url));
const CONFIGURATION = ['.gitignore', 'tsconfig.json', 'biome.json', '.oxlintrc.json', '.secretlintrc.json'];
const ROOT: Texts = {
  'package.json': '{ "name": "planted", "private": true, "license": "Apache-2.0", "type": "module" }\n',
};
