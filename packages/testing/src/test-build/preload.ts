import { appendFileSync, readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CRASH_EDITS } from './crash-edits.ts';
import { type Edit, edited } from './edit.ts';
import { KNOWN_BUGS } from './known-bugs.ts';

// Makes a test build of the program that follows: `node --import …/preload.ts main.ts`. It alone knows CRASH_AT and
// IRONFORGE_PLANT; a program that was started without it cannot be made to crash or to misbehave by any variable.
const { CRASH_AT: point, IRONFORGE_PLANT: bug, CRASH_LOG: crashLog, CLOCK_SKEW_MS: skew } = process.env;
if (process.env['NODE_ENV'] === 'production' || process.env['IRONFORGE_TEST_BUILD'] !== '1')
  throw new Error(
    'CRASH_AT and IRONFORGE_PLANT are for test builds alone (IRONFORGE_TEST_BUILD=1), never in production',
  );

const root = resolve(import.meta.dirname, '../../../..');
const edits = [...crashEdits(point), ...bugEdits(bug)];

registerHooks({
  load: (url, context, next) => {
    const wanted = edits.filter(({ file }) => url === `file://${resolve(root, file)}`);
    if (wanted.length === 0) return next(url, context);
    const source = wanted.reduce(edited, readFileSync(fileURLToPath(url), 'utf8'));
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});

Object.assign(globalThis, { crashHere });
if (skew !== undefined) globalThis.Date = skewed(Number(skew));

function crashEdits(name = ''): readonly Edit[] {
  return name === '' ? [] : [known('CRASH_AT', CRASH_EDITS, name)];
}

function bugEdits(name = ''): readonly Edit[] {
  return name === '' ? [] : known('IRONFORGE_PLANT', KNOWN_BUGS, name).edits;
}

function known<T>(variable: string, all: Readonly<Record<string, T>>, name: string): T {
  const found = all[name];
  if (found === undefined) throw new Error(`${variable}: there is no ${name}`);
  return found;
}

// The signal may take a moment; nothing may happen after this line.
function crashHere(): void {
  if (crashLog !== undefined) appendFileSync(crashLog, `${point}\n`);
  process.kill(process.pid, 'SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** What a program on a machine with a wrong clock sees; a time that is given stays as it is. */
function skewed(ms: number): DateConstructor {
  const make: (target: DateConstructor, given: readonly unknown[]) => Date = Reflect.construct;
  const read: (target: object, name: PropertyKey) => unknown = Reflect.get;
  return new Proxy(Date, {
    construct: (target, given) => make(target, given.length === 0 ? [target.now() + ms] : given),
    get: (target, name) => (name === 'now' ? () => target.now() + ms : read(target, name)),
  });
}
