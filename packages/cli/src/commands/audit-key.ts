import { followRotation, formatKey, parseLogKeys, type RotationFlaw } from '@ironforge/audit-log';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { auditKeyOf, auditKeysOf } from '../stack/audit-key.ts';
import { rotateAuditKey, type RotationOutcome } from '../stack/rotate-audit-key.ts';
import { isHeld } from '../supervisor/hold.ts';
import { readState } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';
import { readInput } from '../verify/read-input.ts';
import { readKeys } from '../verify/read-keys.ts';

/** Adds `audit-key`: prints the key by which the local tenant's audit log is verified (no secret), rotates it, follows a log to its next. */
export function addAuditKeyCommand(program: Command, context: Context): void {
  const keys = program
    .command('audit-key')
    .description('the key by which an audit log is verified: print, rotate, follow to the next one');
  keys
    .command('show', { isDefault: true })
    .description("print that of the local tenant's log, for ironforge verify --key")
    .option('--all', 'the keys that were rotated away too, newest first')
    .action((options: { readonly all?: true }) => show(context, options));
  keys
    .command('rotate')
    .description('make a new key for the logs of the running installation, and start its audit service again')
    .action(() => rotate(context));
  keys
    .command('follow <key> <bundle>')
    .description(
      'print the key that a log goes on with, by the proof of the entry that tells of it, signed by a key that you have; exit code 6 otherwise',
    )
    .action((key: string, bundle: string) => follow(context, key, bundle));
}

async function show(context: Context, { all }: { readonly all?: true }): Promise<void> {
  const tenantId = await localTenant(context);
  const keys = all ? auditKeysOf(context.home, tenantId) : [auditKeyOf(context.home, tenantId)];
  keys.forEach(context.print);
}

async function rotate(context: Context): Promise<void> {
  context.say(ROTATED[await rotateAuditKey(context)]);
  context.print(auditKeyOf(context.home, await localTenant(context)));
}

const ROTATED: Readonly<Record<RotationOutcome, string>> = {
  rotated: 'Every log goes on with a new key, which the key before has signed too. That of the local tenant:',
  finished:
    'A rotation that was interrupted is finished: every log goes on with the key that it made. That of the local tenant:',
};

async function localTenant({ home }: Context): Promise<string> {
  const tenantId = (await isHeld(home)) ? readState(home)?.connection?.tenantId : null;
  if (tenantId) return tenantId;
  throw trouble('not_running', 'IronForge is not running: start it with ./ironforge up --detach');
}

async function follow({ print }: Context, keyFile: string, bundle: string): Promise<void> {
  const verdict = followRotation(await readInput(bundle), readKeys(keyFile, parseLogKeys));
  if ('rejected' in verdict) throw trouble('refused', REFUSALS[verdict.rejected]);
  print(formatKey(verdict.to));
}

const REFUSALS: Readonly<Record<RotationFlaw, string>> = {
  no_rotation:
    'this is not the proof of an audit_signing_key_rotated entry: take that of GET /v1/audit/entries/{id}/proof (docs/auditors.md)',
  unknown_old_key:
    'the entry goes on from a key that is not in the file: follow the rotations before it first',
  malformed_new_key: 'the entry names what is no key of this log',
  old_key_did_not_sign:
    'the key that you have did not sign this: it was lost or stolen, or this is forged; get the new one from the operator by another way',
  new_key_did_not_sign: 'the key that the entry names did not sign this',
};
