import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatKey, keyOf, logSigner } from '@ironforge/audit-log';
import { afterAll, expect, it } from 'vitest';
import type { Context } from '../context.ts';
import { homeOf } from '../home.ts';
import { createProgram } from '../program.ts';
import { run } from '../run.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
/** Nothing was ever started there. */
const IRONFORGE_HOME = mkdtempSync(join(tmpdir(), 'ironforge-usage-'));
afterAll(() => rmSync(IRONFORGE_HOME, { recursive: true }));
const TENANT = ['--tenant', '00000000-0000-4000-8000-000000000001'];
const KEY_FILE = join(IRONFORGE_HOME, 'log.pub');
writeFileSync(
  KEY_FILE,
  formatKey(keyOf(logSigner('played.example/audit/tenant', new Uint8Array(32).fill(7)))),
);
/** Would be measured, if it were not refused; nothing is started for an installation of others. */
const ELSEWHERE = ['--url', 'http://127.0.0.1:2', '--rpc', 'http://127.0.0.1:2'];

it('says its version', async () => {
  const { code, out } = await ironforge('--version');
  expect(code).toBe(0);
  expect(out).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('loads the command that is named, and few others', async () => {
  const { context } = played(null);
  const { commands } = await createProgram(context, []);
  expect(commands.length).toBeGreaterThan(15);
  for (const name of commands.map((command) => command.name())) {
    const loaded = (await createProgram(context, [name, '--help'])).commands.map((one) => one.name());
    expect([name, loaded.includes(name), loaded.length <= 2]).toEqual([name, true, true]);
  }
});

it('bench refuses runs that a quick one has not, and takes a quick one alone', async () => {
  const said = 'ironforge: --quick is one run of 60 transfers: leave out --runs and --transfers\n';
  expect(await ironforge('bench', '--quick', '--runs', '3', ...ELSEWHERE)).toMatchObject({
    code: 2,
    err: said,
  });
  const { err } = await ironforge('bench', '--quick', ...ELSEWHERE);
  expect(err).toContain('IRONFORGE_API_KEY');
});

it('queues says which broker does not answer, without its password, as it says that none runs', async () => {
  const { context, heard } = played(null);
  const env = { ...context.env, AMQP_URL: 'amqp://user:secret@127.0.0.1:2/' };
  expect(await run(['queues'], { ...context, env })).toBe(3);
  expect(heard).toEqual(['ironforge: No broker answers at 127.0.0.1:2: start it, or set AMQP_URL']);
});

it.each(['bogus', 'http://127.0.0.1:2/'])(
  'queues names the variable that is no address of a broker: %s',
  async (url) => {
    const { context, heard } = played(null);
    expect(await run(['queues'], { ...context, env: { ...context.env, AMQP_URL: url } })).toBe(2);
    expect(heard).toEqual([
      'ironforge: AMQP_URL is no address of a broker, such as amqp://user:password@host:5672',
    ]);
  },
);

it.each([
  ['a tenant that is no id', ['--tenant', 'acme'], '--tenant: acme is no id of a tenant'],
  ['a key that is not there', [...TENANT, '--key', '/nonexistent/key'], '/nonexistent/key cannot be read'],
  [
    'a checkpoint that is not there',
    [...TENANT, '--key', KEY_FILE, '--since', '/nonexistent/kept'],
    '/nonexistent/kept cannot be read',
  ],
  [
    'a folder to save in that is not there',
    [...TENANT, '--key', KEY_FILE, '--save', '/nonexistent/good.txt'],
    '/nonexistent/good.txt cannot be written: /nonexistent is no folder, make it first',
  ],
  [
    'a folder where a file is to be saved',
    [...TENANT, '--key', KEY_FILE, '--save', IRONFORGE_HOME],
    `${IRONFORGE_HOME} is a folder: name a file in it`,
  ],
])('audit verify says with 2 that it was asked wrongly: %s', async (_, args, told) => {
  const { context, heard } = played(null);
  expect(await run(['audit', 'verify', ...args], context)).toBe(2);
  expect(heard).toEqual([`ironforge: ${told}`]);
});

it('migrate down is refused where nobody can be asked, unless it is told to go on', async () => {
  const script = played(null);
  expect(await run(['migrate', 'down'], script.context)).toBe(2);
  expect(await run(['migrate', 'down', '--yes', '--count', '0'], script.context)).toBe(2);
  expect(await run(['migrate', 'down', '--yes'], script.context)).toBe(3);
  expect(script.heard).toEqual([
    'ironforge: This loses what the undone migrations hold: say --yes, or ask from a terminal',
    'ironforge: --count must be a whole number above 0',
    NO_DATABASE,
  ]);
});

it('migrate down asks at a terminal, and goes on after a yes alone', async () => {
  const [no, yes] = [played(false), played(true)];
  expect(await run(['migrate', 'down', '--count', '2'], no.context)).toBe(1);
  expect(await run(['migrate', 'down'], yes.context)).toBe(3);
  expect(no.heard).toEqual([
    'Undo the newest 2 migrations, with all that is in their tables and columns?',
    'ironforge: Nothing was undone',
  ]);
  expect(yes.heard).toEqual([
    'Undo the newest migration, with all that is in their tables and columns?',
    NO_DATABASE,
  ]);
});

const NO_DATABASE =
  "ironforge: No database: start one with ./ironforge up --detach, or set DATABASE_URL to the owner's";

/** A command line whose person at the terminal gives this answer; null without one. What is said and asked is heard. */
function played(answer: boolean | null) {
  const heard: string[] = [];
  const say = (line: string) => void heard.push(line);
  const env = { IRONFORGE_HOME };
  const confirm = async (question: string) => {
    say(question);
    return answer === true;
  };
  const outside = { env, home: homeOf(env), print: () => undefined, say };
  const context: Context = { ...outside, confirm: answer === null ? null : confirm };
  return { heard, context };
}

/** The command line as a process of its own, without a terminal. */
async function ironforge(...args: readonly string[]) {
  const { IRONFORGE_API_KEY: _, ...env } = process.env;
  return await new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env: { ...env, IRONFORGE_HOME } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : error.code, out, err }),
    );
  });
}
