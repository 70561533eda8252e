import { migrationStatus, schemaDrift } from '@ironforge/schema';
import type { Context } from '../context.ts';
import { rpcAnswer } from '../parts/http-answer.ts';
import { databaseClockSkewMs } from '../stack/database.ts';
import { statusOf } from '../stack/status.ts';
import { type Connection, readState } from '../supervisor/state-file.ts';
import { examinePorts } from './examine-ports.ts';
import { type Finding, ill, well } from './finding.ts';
import { followed } from './followed.ts';

const TOLERATED_SKEW_MS = 1_000;

/** Looks at the running installation: each part asked, database clock, migrations, schema, node, chains. When none runs: its ports. */
export async function examineRunning(context: Context): Promise<readonly Finding[]> {
  const { running, parts, chains } = await statusOf(context.home);
  const connection = readState(context.home)?.connection ?? null;
  if (!running || connection === null) {
    return [
      well('installation', 'not running: ./ironforge up starts it'),
      ...(await examinePorts(context.home)),
    ];
  }
  const answers = parts.map(({ name, ready, reason, logFile }) =>
    ready
      ? well(name, 'answers')
      : ill(name, reason ?? 'does not answer', `look at ${logFile ?? 'its own log'}`),
  );
  const deeper = await Promise.all([
    clock(connection),
    migrations(connection),
    schema(connection),
    chain(connection),
  ]);
  return [...answers, ...deeper, ...(chains ?? []).map(followed)];
}

async function clock({ databaseUrl }: Connection): Promise<Finding> {
  return told('clock', 'the database must answer first', async () => {
    const skewMs = await databaseClockSkewMs(databaseUrl);
    const detail = `${skewMs} ms between this machine and the database`;
    if (Math.abs(skewMs) <= TOLERATED_SKEW_MS) return well('clock', detail);
    return ill('clock', detail, 'set both by NTP: leases and time-outs are counted in database time');
  });
}

async function migrations({ databaseUrl }: Connection): Promise<Finding> {
  return told('migrations', './ironforge migrate status', async () => {
    const all = await migrationStatus(databaseUrl);
    const open = all.filter(({ state }) => state !== 'applied');
    if (open.length === 0) return well('migrations', `${all.length} applied`);
    return ill(
      'migrations',
      open.map(({ name, state }) => `${name} ${state}`).join(', '),
      './ironforge migrate up',
    );
  });
}

async function schema({ databaseUrl }: Connection): Promise<Finding> {
  return told('schema', 'the database must answer first', async () => {
    const { missing, unexpected } = await schemaDrift(databaseUrl);
    if (missing.length + unexpected.length === 0) return well('schema', 'is what the migrations make');
    const detail = `${missing.length} things missing, ${unexpected.length} not from a migration`;
    return ill(
      'schema',
      `${detail}: ${[...missing, ...unexpected].slice(0, 3).join('; ')}`,
      'undo what was changed by hand',
    );
  });
}

async function chain({ ethereumRpcUrl }: Connection): Promise<Finding> {
  return told('chain', 'the node must answer first', async () => {
    const height = Number(BigInt(await rpcAnswer(ethereumRpcUrl, 'eth_blockNumber')));
    return well('chain', `the node is at block ${height}`);
  });
}

async function told(what: string, fix: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return ill(what, error instanceof Error ? error.message : String(error), fix);
  }
}
