import { type DeadLetter, type DeadLetters, openDeadLetters, TOPOLOGY } from '@ironforge/bus';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { isHeld } from '../supervisor/hold.ts';
import { readState } from '../supervisor/state-file.ts';
import { asTrouble, trouble } from '../trouble.ts';

interface Options {
  readonly json?: true;
  readonly limit?: string;
  readonly id?: string;
  readonly all?: true;
}

/** Adds `queues`: what waits in the broker, and the dead letters, on AMQP_URL or the running installation. */
export function addQueuesCommand(program: Command, context: Context): void {
  const queues = program
    .command('queues')
    .description('show every queue; look into a dead queue, replay or drop its letters');
  queues
    .command('list', { isDefault: true })
    .description('every queue with what waits and what is dead')
    .option('--json', 'print one JSON object')
    .action((options: Options) => list(context, options));
  queues
    .command('show <queue>')
    .description('the dead letters of a queue with their reasons; they stay')
    .option('--limit <n>', 'at most so many', '20')
    .option('--json', 'one JSON object a line')
    .action((queue: string, options: Options) => show(context, queue, options));
  for (const [name, description] of Object.entries(SETTLEMENTS)) {
    queues
      .command(`${name} <queue>`)
      .description(description)
      .option('--id <id>', 'this letter')
      .option('--all', 'every letter of the queue')
      .option('--json', 'print one JSON object')
      .action((queue: string, options: Options) => settle(context, queue, { ...options, name }));
  }
}

const SETTLEMENTS = {
  replay: 'put dead letters back into their queue, as new',
  drop: 'remove dead letters for ever',
};

async function list(context: Context, { json }: Options): Promise<void> {
  await using letters = await open(context);
  const queues = await letters.depths();
  if (json) return context.print(JSON.stringify({ queues }));
  context.print(row(['queue', 'waiting', 'consumers', 'dead']));
  for (const { queue, messages, consumers, dead } of queues)
    context.print(row([queue, messages, consumers, dead]));
}

async function show(context: Context, queue: string, { json, limit }: Options): Promise<void> {
  await using letters = await open(context);
  const found = await letters.list(known(queue), wholeNumber(limit ?? ''));
  for (const letter of found) context.print(json ? JSON.stringify(letter) : told(letter));
  if (found.length === 0 && !json) context.print(`Nothing is dead in ${queue}.`);
}

async function settle(
  context: Context,
  queue: string,
  { name, id, all, json }: Options & { readonly name: string },
): Promise<void> {
  if ((id === undefined) === (all === undefined)) throw trouble('usage', 'Give --id <id>, or --all');
  const isChosen = (letter: DeadLetter) => all ?? letter.id === id;
  await using letters = await open(context);
  const count =
    name === 'replay'
      ? await letters.replay(known(queue), isChosen)
      : await letters.drop(known(queue), isChosen);
  if (count === 0 && id !== undefined) throw trouble('failed', `No dead letter ${id} in ${queue}`);
  context.print(json ? JSON.stringify({ queue, [name]: count }) : `${count} dead letters: ${name} done.`);
}

async function open({ env, home }: Context): Promise<DeadLetters> {
  const url = givenUrl(env) || ((await isHeld(home)) ? readState(home)?.connection?.amqpUrl : undefined);
  if (!url)
    throw trouble('not_running', 'No broker: start one with ./ironforge up --detach, or set AMQP_URL');
  try {
    return await openDeadLetters(url);
  } catch (error) {
    throw isUnreachable(error) ? noAnswer(url, error) : asTrouble(error, home.dir);
  }
}

/** Throws `usage` for what a broker cannot be reached at. A URL holds a password, so it is not told. */
function givenUrl({ AMQP_URL: url }: NodeJS.ProcessEnv): string | undefined {
  if (!url || /^amqps?:$/.test(URL.parse(url)?.protocol ?? '')) return url;
  throw trouble('usage', 'AMQP_URL is no address of a broker, such as amqp://user:password@host:5672');
}

/** What the operating system says of an address has a code such as ECONNREFUSED; what a broker says has a number. */
function isUnreachable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^E[A-Z_]+$/.test(String(error.code));
}

/** A URL holds a password: its host is enough to know which one. */
function noAnswer(url: string, error: unknown) {
  const { host } = new URL(url);
  return trouble('not_running', `No broker answers at ${host}: start it, or set AMQP_URL`, error);
}

/** Throws `usage` for a queue that is none of ours. */
function known(queue: string): string {
  const names = [...TOPOLOGY.eventQueues, ...TOPOLOGY.commandQueues].map((one) => one.queue);
  if (names.includes(queue)) return queue;
  throw trouble('usage', `There is no queue ${queue}; there are ${names.join(', ')}`);
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw trouble('usage', '--limit must be a whole number above 0');
}

function told({ id, reason, attempts, text }: DeadLetter): string {
  return `${id}  tried ${attempts} times\n  ${reason}\n  ${text.slice(0, MAX_SHOWN_CHARS)}`;
}

const MAX_SHOWN_CHARS = 400;

function row([queue = '', ...numbers]: readonly (string | number)[]): string {
  return [String(queue).padEnd(28), ...numbers.map((number) => String(number).padStart(10))].join('');
}
