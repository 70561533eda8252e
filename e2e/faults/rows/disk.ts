import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitUntil } from '@ironforge/testing';
import { Client } from 'pg';
import { z } from 'zod';
import { manage } from '../../world/broker.ts';
import { environment } from '../../world/environment.ts';
import { brokerControl } from '../broker-control.ts';
import type { Row, Stage } from '../stage.ts';

const WHILE_MS = 1_500;

/** The disks of the servers are slow, and full. */
export const disk: Row = {
  name: 'disks slow and full',
  rounds: { small: 1, full: 4 },
  play: async (stage, rounds) => {
    for (let round = 0; round < rounds; round += 1)
      for (const harm of [slowFlush, noRoomForDatabase, noRoomForBroker]) {
        await stage.moved();
        await harm(stage);
      }
  },
};

/** Each flush of the log waits for a tenth of a second, the most that `commit_delay` gives. */
function slowFlush({ inject }: Stage): Promise<void> {
  return inject('slow fsync of PostgreSQL', () =>
    asOwner(async (client) => {
      for (const statement of SLOW) await client.query(statement);
      await sleep(WHILE_MS);
      for (const statement of QUICK) await client.query(statement);
    }),
  );
}

const SLOW = [
  'ALTER SYSTEM SET commit_siblings = 0',
  'ALTER SYSTEM SET commit_delay = 100000',
  'SELECT pg_reload_conf()',
];
const QUICK = [
  'ALTER SYSTEM RESET commit_siblings',
  'ALTER SYSTEM RESET commit_delay',
  'SELECT pg_reload_conf()',
];

/** The biggest file that a session may write from now on, in bytes: less than any of the log. */
const FULL = '--fsize=65536:';

/**
 * No session can write a byte more to its files (RLIMIT_FSIZE): PostgreSQL gives up where a disk without room makes it
 * give up, ends all sessions, and recovers. It has happened when none of them is left.
 */
function noRoomForDatabase({ inject }: Stage): Promise<void> {
  return inject('disk of PostgreSQL full', async () => {
    const pids = await asOwner(sessions);
    for (const pid of pids) limit(pid);
    await waitUntil('every session has ended', () => pids.every((pid) => !isAlive(pid)));
  });
}

const Session = z.object({ pid: z.int() });

async function sessions(client: Client): Promise<readonly number[]> {
  const { rows } = await client.query(
    `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  return z
    .array(Session)
    .parse(rows)
    .map(({ pid }) => pid);
}

/** By the account that the session runs under, which alone may. One that has ended meanwhile needs none. */
function limit(pid: number): void {
  const account = statSync(`/proc/${pid}`, { throwIfNoEntry: false });
  if (account === undefined) return;
  const { uid, gid } = account;
  const { error, status, stderr } = spawnSync('prlimit', [`--pid=${pid}`, FULL], { uid, gid });
  if (error !== undefined) throw new Error('a full disk needs prlimit (util-linux)', { cause: error });
  if (status !== 0 && isAlive(pid)) throw new Error(`a full disk cannot be had here: ${stderr.toString()}`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** RabbitMQ wants more room than any disk has: it raises its own alarm and takes nothing from anybody. */
function noRoomForBroker({ inject }: Stage): Promise<void> {
  return inject('disk of RabbitMQ full', async () => {
    await brokerControl('set_disk_free_limit', '1000000GB');
    try {
      await waitUntil('the alarm', () => isAlarmed());
      await sleep(WHILE_MS);
    } finally {
      await brokerControl('set_disk_free_limit', '50MB');
    }
    await waitUntil('no alarm', async () => !(await isAlarmed()));
  });
}

const Nodes = z.array(z.object({ disk_free_alarm: z.boolean() }));

async function isAlarmed(): Promise<boolean> {
  return Nodes.parse(await manage('GET', '/nodes')).some(({ disk_free_alarm }) => disk_free_alarm);
}

async function asOwner<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: environment.databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
