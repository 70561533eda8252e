import { rmSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { Context } from '../context.ts';
import { type Home, testHomeOf } from '../home.ts';
import { writeJson } from '../json-file.ts';
import { endSignal } from '../stack/end-signal.ts';
import { CHAINS_VARIABLE } from '../stack/further-chains.ts';
import { environmentOf } from '../stack/environment.ts';
import { openStack, type Stack } from '../stack/open-stack.ts';
import { stopStack } from '../stack/stop-stack.ts';
import { isHeld } from '../supervisor/hold.ts';
import { type Connection, readState } from '../supervisor/state-file.ts';
import { asTrouble, trouble } from '../trouble.ts';
import { proofsFile, reportsFile } from './fault-reports.ts';
import { writeFaultsPage } from './faults-page.ts';
import { ranOn } from './ran-on.ts';
import { runCheck } from './run-check.ts';
import { runVitest } from './run-vitest.ts';
import { oneFailure, sum, type Tally } from './tally.ts';

/** What can be run: one kind of tests, or all of them after the checks. */
export const TEST_KINDS = ['unit', 'integration', 'e2e', 'faults', 'all'] as const;
export type TestKind = (typeof TEST_KINDS)[number];

/** True for a name of a kind of tests. */
export function isTestKind(word: string): word is TestKind {
  return TEST_KINDS.some((kind) => kind === word);
}

/** Runs tests of a kind and counts; parts and services are started apart from `up` and stopped at the end. */
export async function runTests(context: Context, kind: TestKind, args: readonly string[]): Promise<Tally> {
  using ended = endSignal();
  const { signal } = ended;
  const further = { [CHAINS_VARIABLE]: join(context.home.root, 'e2e', 'chains.json') };
  const env = { ...further, ...context.env, ...NOTHING_LASTS, IRONFORGE_TEST_BUILD: '1' };
  const run = { context: { ...context, env, home: testHomeOf(context.home) }, args, signal };
  const tallies: Tally[] = [];
  try {
    await KINDS[kind](run, (tally) => tallies.push(tally));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    const { message } = asTrouble(error, context.home.dir);
    context.say(`ironforge: ${message}`);
    tallies.push(oneFailure(message));
  }
  return sum(tallies);
}

/** No test cuts the power, and a database that does not wait for the disk still survives the end of its process (ADR 0057). */
const NOTHING_LASTS = { IRONFORGE_POSTGRES_SETTINGS: 'fsync=off' };

interface Run {
  readonly context: Context;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
}

type Count = (tally: Tally) => void;

const KINDS: Record<TestKind, (run: Run, count: Count) => Promise<void>> = {
  unit: async (run, count) => count(await vitest(run, ['unit'], {})),
  integration: (run, count) =>
    withParts(run, async (stack) => count(await vitest(run, ['integration'], partVariables(run, stack)))),
  e2e: (run, count) =>
    withParts(run, async (stack) => count(await endToEnd(run, stack, ['e2e', 'published', 'afterwards']))),
  faults: (run, count) =>
    withParts(run, async (stack) => {
      count(await endToEnd(inFull(run), stack, ['faults']));
      if (run.args.length === 0) await writeFaultsPage(run.context.home, await ranOn(stack.connection()));
    }),
  all: async (run, count) => {
    const check = runCheck(run.context, run.signal).then(count);
    const tests = withParts(run, async (stack) => {
      await Promise.allSettled([check]);
      count(await vitest(run, ['unit', 'integration'], partVariables(run, stack)));
      count(await endToEnd(run, stack, ['e2e', 'faults', 'published', 'afterwards']));
    });
    await bothDone(check, tests);
  },
};

/** Every kind of fault many times over, and every known bug; the default run has a few of each. */
function inFull(run: Run): Run {
  const { context } = run;
  return { ...run, context: { ...context, env: { ...context.env, IRONFORGE_FAULTS: 'full' } } };
}

// Also when one of them fails the other is waited for: the counts are the last thing said.
async function bothDone(one: Promise<void>, other: Promise<void>): Promise<void> {
  await Promise.allSettled([one, other]);
  await one;
  await other;
}

async function withParts({ context, signal }: Run, use: (stack: Stack) => Promise<void>): Promise<void> {
  await forgetFormerRun(context.home);
  const stack = await openStack(context, signal);
  if (stack === null)
    throw trouble('failed', 'Another test run is going on here: wait for it, or set IRONFORGE_HOME');
  try {
    await use(stack);
    context.say(await ranOn(stack.connection()));
  } finally {
    await stack.stop();
  }
}

// Each run begins on empty databases, so that one run does not decide over the next.
async function forgetFormerRun(home: Home): Promise<void> {
  if (await isHeld(home)) return;
  await stopStack(home);
  for (const left of [
    home.data,
    reportsFile(home),
    proofsFile(home),
    ...LEFT.map((name) => join(home.dir, name)),
  ])
    rmSync(left, { recursive: true, force: true });
}

/** What the rows of faults write down beside the data. */
const LEFT = ['crashes.log', 'broken-on-purpose.txt', 'run/overrides'];

async function endToEnd(run: Run, stack: Stack, projects: readonly string[]): Promise<Tally> {
  await stack.startServices();
  const { home } = run.context;
  const file = join(home.dir, 'environment.json');
  writeJson(file, await environmentOf(home));
  return vitest(run, projects, {
    ...partVariables(run, stack),
    IRONFORGE_HOME: home.dir,
    IRONFORGE_ENV_FILE: file,
  });
}

function vitest(
  { context, args, signal }: Run,
  projects: readonly string[],
  variables: NodeJS.ProcessEnv,
): Promise<Tally> {
  context.say(`Running the ${projects.join(' and ')} tests`);
  return runVitest({ home: context.home, projects, args, env: { ...context.env, ...variables }, signal });
}

function partVariables({ context: { home } }: Run, stack: Stack): NodeJS.ProcessEnv {
  const connection = stack.connection();
  return {
    DATABASE_URL: connection.databaseUrl,
    DATABASE_SERVICE_PASSWORD: connection.databaseServicePassword,
    REDIS_URL: connection.redisUrl,
    AMQP_URL: connection.amqpUrl,
    AMQP_MANAGEMENT_URL: connection.amqpManagementUrl,
    ETHEREUM_RPC_URL: connection.ethereumRpcUrl,
    ...immudbVariables(home, connection),
  };
}

// A test that needs immudb is skipped where there is none; the last line of the run says so.
function immudbVariables(home: Home, { immudb }: Connection): NodeJS.ProcessEnv {
  if (immudb === null) return { IMMUDB_URL: 'none' };
  const url = new URL(`immudb://${immudb.address}/${immudb.database}`);
  Object.assign(url, { username: immudb.user, password: immudb.password });
  const source = readState(home)?.sources['immudb'] ?? '';
  const binary = isAbsolute(source) ? { IMMUDB_BIN: source } : {};
  return { IMMUDB_URL: url.href, IMMUDB_PUBLIC_KEY: immudb.serverPublicKey, ...binary };
}
