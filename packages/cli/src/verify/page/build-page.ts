import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '@ironforge/kernel';
import { rolldown } from 'rolldown';
import { noticesOf } from './notices.ts';

/** The page that checks a bundle, as one file that needs no other: the code of `ironforge verify`, left readable. */
export async function buildPage(): Promise<string> {
  const style = read('page.css');
  const { code: script, files } = await bundled();
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return filled(read('page.html'), { policy, notices: noticesOf(files), style, script });
}

const HERE = import.meta.dirname;
const ROOT = join(HERE, '../../../../..');

function read(name: string): string {
  return readFileSync(join(HERE, name), 'utf8');
}

/** The script, and the files that it is made of. */
async function bundled(): Promise<{ readonly code: string; readonly files: readonly string[] }> {
  await using build = await rolldown({ input: join(HERE, 'page.ts'), cwd: ROOT, platform: 'browser' });
  const { output } = await build.generate({
    format: 'iife',
    comments: { legal: true, jsdoc: false, annotation: false },
  });
  const [{ code, moduleIds }] = output;
  assert(!/<\/script|<!--/i.test(code), 'the script does not end its own element');
  return { code, files: moduleIds };
}

/** As a content security policy names what may run (CSP level 3, hash-source). */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function filled(template: string, texts: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{(?<name>[a-z]+)\}/g, (place, name: string) => texts[name] ?? place);
}
