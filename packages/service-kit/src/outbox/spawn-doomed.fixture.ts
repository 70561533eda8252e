import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { present } from '@ironforge/kernel';
import type { OutboxMessage } from '@ironforge/store';
import { spawnBound, waitUntil } from '@ironforge/testing';
import type { OutboxWorld } from './outbox.fixture.ts';

const PROGRAM = fileURLToPath(new URL('./doomed-service.fixture.ts', import.meta.url));

/** A service in a process of its own that ends between its commit and its fast path. */
export interface Doomed extends AsyncDisposable {
  /** Stores messages in a transaction that stays open. */
  write(...messages: OutboxMessage[]): Promise<void>;
  /** Commits it, which is the last thing the process does. */
  commit(): Promise<void>;
}

/** How it ends: killed, or stopped in the middle and never to go on; whose rows it writes, and for how long it claims them. */
export interface Doom {
  readonly ending?: 'SIGKILL' | 'SIGSTOP';
  readonly service?: string;
  readonly claimMs?: number;
}

/** Starts one on the world's database and broker. */
export async function spawnDoomed(world: OutboxWorld, doom: Doom = {}): Promise<Doomed> {
  const { ending = 'SIGKILL', service = 'tester', claimMs = 1 } = doom;
  const own = { SERVICE: service, CLAIM_MS: String(claimMs), ENDING: ending };
  const env = { ...process.env, DATABASE_URL: world.database.url, AMQP_URL: world.vhost.amqpUrl, ...own };
  const child = spawnBound(process.execPath, [PROGRAM], {
    env,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'inherit',
  });
  const [heard, tell] = talk(child);
  const ids: string[] = [];
  await heard('ready');
  return {
    write: async (...messages) => {
      ids.push(...messages.map(({ id }) => id));
      tell(JSON.stringify(messages));
      await heard('written');
    },
    commit: async () => {
      tell('commit');
      await waitUntil('the commit', () => areStored(world, ids));
      if (ending === 'SIGKILL') await ended(child);
    },
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended(child);
    },
  };
}

/** What a service leaves that is killed right after its commit. */
export async function leaveByCrash(
  world: OutboxWorld,
  messages: OutboxMessage[],
  doom: Doom = {},
): Promise<void> {
  await using doomed = await spawnDoomed(world, { ...doom, ending: 'SIGKILL' });
  await doomed.write(...messages);
  await doomed.commit();
}

function talk(child: ChildProcess) {
  const lines = createInterface({ input: present(child.stdout, 'the output') })[Symbol.asyncIterator]();
  const heard = async (word: string) => {
    const said: unknown = (await lines.next()).value;
    if (said !== word) throw new Error(`the process was to say ${word}, and said ${String(said)}`);
  };
  const tell = (line: string) => void present(child.stdin, 'the input').write(`${line}\n`);
  return [heard, tell] as const;
}

async function areStored(world: OutboxWorld, ids: readonly string[]): Promise<boolean> {
  const rows = await world.database.query('SELECT id FROM outbox WHERE id = ANY ($1)', [ids]);
  return rows.length === ids.length;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}
