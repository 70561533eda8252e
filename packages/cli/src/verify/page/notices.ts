import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });

/** Whose code these files are, under which licence, and the text of each licence that wants to be shown. */
export function noticesOf(files: readonly string[]): string {
  const folders = [...new Set(files.flatMap(packageFolder))].toSorted();
  const packages = folders.map((folder) => ({
    folder,
    ...manifest.parse(JSON.parse(read(folder, 'package.json'))),
  }));
  const names = packages.map(({ name, version, license }) => `${name} ${version}: ${license}`);
  const texts = packages
    .filter(({ license }) => license === 'MIT')
    .map(({ folder }) => read(folder, 'LICENSE'));
  return [
    'IronForge: Apache-2.0 (https://www.apache.org/licenses/LICENSE-2.0)',
    ...names,
    ...new Set(texts),
  ].join('\n');
}

/** The folder of the installed package that a file belongs to; none for a file of our own. */
function packageFolder(file: string): string[] {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.slice(0, 1) ?? [];
}

function read(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8').trim();
}
