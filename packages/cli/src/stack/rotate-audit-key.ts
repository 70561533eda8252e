import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { Home } from '../home.ts';
import { freshAuditKey, keepSecrets, type PrivateJwk, readSecrets, type Secrets } from '../secrets.ts';
import { holdHome, isHeld } from '../supervisor/hold.ts';
import { isStillRunning } from '../supervisor/identity.ts';
import { signalGroup } from '../supervisor/process-group.ts';
import { type Connection, readState, type State } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';
import { runFolder, writeAuditKeys } from './service-files.ts';

/** `finished`: an earlier rotation was interrupted, and the key that it made is the newest one. */
export type RotationOutcome = 'rotated' | 'finished';

/**
 * Makes a new key for the audit logs of the running installation, keeps the one before, and starts the audit service again with both; where
 * an earlier rotation was interrupted, its key is taken. Returns once every log is signed by it. Throws `not_running`, and `failed`
 * while another rotation is under way and when the audit service does not come back.
 */
export async function rotateAuditKey({ home }: Context): Promise<RotationOutcome> {
  const state = (await isHeld(home)) ? readState(home) : null;
  if (state?.phase !== 'ready' || state.connection === null)
    throw trouble('not_running', 'IronForge is not running: start it with ./ironforge up --detach');
  const hold = await holdHome({ dir: runFolder(home) });
  if (hold === null) throw trouble('failed', 'Another rotation is under way: wait until it has ended');
  try {
    return await rotate(home, state, state.connection);
  } finally {
    await hold.release();
  }
}

async function rotate(home: Home, state: State, { databaseUrl }: Connection): Promise<RotationOutcome> {
  const kept = readSecrets(home);
  const isInterrupted = (await logsSignedOtherwise(databaseUrl, kept.auditKey)) > 0;
  const secrets = isInterrupted ? kept : withFreshKey(kept);
  keepSecrets(home, secrets);
  writeAuditKeys(home, secrets);
  endAudit(state);
  await untilSignedBy(secrets.auditKey, databaseUrl);
  return isInterrupted ? 'finished' : 'rotated';
}

function withFreshKey(secrets: Secrets): Secrets {
  const auditEarlierKeys = [secrets.auditKey, ...secrets.auditEarlierKeys];
  return { ...secrets, auditKey: freshAuditKey(), auditEarlierKeys };
}

/** The supervisor starts it again. */
function endAudit({ parts }: State): void {
  const { identity, stopSignal } = parts.find(({ name }) => name === 'audit') ?? { identity: null };
  if (identity !== null && isStillRunning(identity)) signalGroup(identity.pid, stopSignal);
}

const LOOK_EVERY_MS = 200;
const WITHIN_MS = 60_000;

async function untilSignedBy(key: PrivateJwk, databaseUrl: string): Promise<void> {
  const endsAt = Date.now() + WITHIN_MS;
  while ((await logsSignedOtherwise(databaseUrl, key)) > 0) {
    if (Date.now() > endsAt)
      throw trouble(
        'failed',
        'Not every log is signed by the new key yet: ./ironforge status says how the audit service is; once it is ready, ./ironforge audit-key rotate finishes this',
      );
    await sleep(LOOK_EVERY_MS);
  }
}

const Count = z.object({ rows: z.tuple([z.object({ logs: z.coerce.number() })]) });

/** How many logs were last signed by another key; a verifier key ends in its type, 0x01, and the public key. */
async function logsSignedOtherwise(connectionString: string, { x }: PrivateJwk): Promise<number> {
  const publicPart = Buffer.concat([Buffer.of(0x01), Buffer.from(x, 'base64url')]).toString('base64');
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return Count.parse(await client.query(SIGNED_OTHERWISE, [publicPart])).rows[0].logs;
  } finally {
    await client.end();
  }
}

const SIGNED_OTHERWISE = `
  SELECT count(*) AS logs FROM audit_sequencers
  WHERE sealed_size > 0 AND (signing_key IS NULL OR right(signing_key, length($1::TEXT)) <> $1::TEXT)`;
