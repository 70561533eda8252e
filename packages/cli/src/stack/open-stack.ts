import { AppError } from '@ironforge/kernel';
import type { Context } from '../context.ts';
import { portsOf } from '../ports.ts';
import { secretsOf } from '../secrets.ts';
import { cleanUp } from '../supervisor/clean-up.ts';
import { type Hold, holdHome } from '../supervisor/hold.ts';
import { canIdentify } from '../supervisor/identity.ts';
import { type Connection, readState } from '../supervisor/state-file.ts';
import { createSupervisor, type Supervisor } from '../supervisor/supervisor.ts';
import { asTrouble, trouble } from '../trouble.ts';
import { portNamesOf, readFurtherChains } from './further-chains.ts';
import { createRecord, type Record } from './record.ts';
import { startParts } from './start-parts.ts';
import { SERVICE_NAMES } from './services.ts';
import { startServices } from './start-services.ts';

/** A running installation, supervised by this process. */
export interface Stack {
  /** How it is reached now. */
  readonly connection: () => Connection;
  /** Starts the services on top of the parts and makes the development users. */
  readonly startServices: () => Promise<void>;
  /** Stops everything in order and lets the installation go. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts the parts of an installation and keeps them alive. Null when another supervisor has it. When anything fails,
 * or the signal is raised, all that was started is stopped before the fault is thrown.
 */
export async function openStack(context: Context, signal: AbortSignal): Promise<Stack | null> {
  refuseProduction(context.env);
  const chains = readFurtherChains(context.env);
  const hold = await holdHome(context.home);
  if (hold === null) return null;
  const left = await cleanUp(readState(context.home));
  const record = createRecord(context);
  if (left.length > 0) record.say(`Stopped what a killed run had left: ${left.join(', ')}`);
  if (!canIdentify())
    record.say('/proc is not mounted: if this is killed, the next start cannot clean up after it');
  const { home, env } = context;
  const supervisor = createSupervisor({
    home,
    env,
    say: record.say,
    signal,
    onChange: () => record.parts(supervisor.states()),
  });
  const stopOnFault = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      const fault = told(error, signal, home.dir);
      await supervisor.stop();
      record.fail(fault);
      await hold.release();
      throw fault;
    }
  };
  return stopOnFault(async () => {
    const ports = await portsOf(home, env, portNamesOf(chains));
    const secrets = secretsOf(home, SERVICE_NAMES);
    const surroundings = { context, ports, secrets, chains, supervisor, record, signal };
    const parts = await startParts(surroundings);
    let { connection } = parts;
    return {
      connection: () => connection,
      startServices: () =>
        stopOnFault(async () => {
          connection = await startServices(surroundings, parts);
        }),
      stop: () => stopAll({ record, supervisor, hold }),
    };
  });
}

interface Kept {
  readonly record: Record;
  readonly supervisor: Supervisor;
  readonly hold: Hold;
}

async function stopAll({ record, supervisor, hold }: Kept): Promise<void> {
  record.change({ phase: 'stopping' });
  try {
    await supervisor.stop();
    record.change({ phase: 'stopped', parts: [], connection: null });
  } finally {
    await hold.release();
  }
}

function refuseProduction(env: NodeJS.ProcessEnv): void {
  if (env['NODE_ENV'] !== 'production') return;
  throw trouble(
    'refused_in_production',
    'A local installation has development users and secrets: unset NODE_ENV=production',
  );
}

function told(error: unknown, signal: AbortSignal, folder: string): AppError {
  if (signal.aborted && signal.reason instanceof AppError) return signal.reason;
  return asTrouble(error, folder);
}
