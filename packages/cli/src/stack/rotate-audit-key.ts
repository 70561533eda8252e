import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { freshAuditKey, keepSecrets, type PrivateJwk, readSecrets } from '../secrets.ts';
import { isHeld } from '../supervisor/hold.ts';
import { isStillRunning } from '../supervisor/identity.ts';
import { signalGroup } from '../supervisor/process-group.ts';
import { readState, type State } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';
import { writeAuditKeys } from './service-files.ts';

/**
 * Makes a new key for the audit logs of the running installation, keeps the one before, and starts the audit service again with both.
 * Returns once every log is signed by the new one. Throws `not_running`, and `failed` while an earlier rotation is under way.
 */
export async function rotateAuditKey(context: Context): Promise<void> {
  const { home } = context;
  const state = (await isHeld(home)) ? readState(home) : null;
  if (state?.phase !== 'ready' || state.connection === null)
    throw trouble('not_running', 'IronForge is not running: start it with ./ironforge up --detach');
  const secrets = readSecrets(home);
  const { databaseUrl } = state.connection;
  if ((await logsSignedOtherwise(databaseUrl, secrets.auditKey)) > 0)
    throw trouble('failed', 'Some logs are not signed by the newest key yet: try again in a few seconds');
  const auditKey = freshAuditKey();
  const rotated = { ...secrets, auditKey, auditEarlierKeys: [secrets.auditKey, ...secrets.auditEarlierKeys] };
  keepSecrets(home, rotated);
  writeAuditKeys(home, rotated);
  endAudit(state);
  await untilSignedBy(auditKey, databaseUrl);
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
        'Not every log is signed by the new key: ./ironforge status says how the audit service is',
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
