import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { auditKeyOf } from '../stack/audit-key.ts';
import { isHeld } from '../supervisor/hold.ts';
import { readState } from '../supervisor/state-file.ts';
import { trouble } from '../trouble.ts';

/** Adds `audit-key`: prints the key by which the local tenant's audit log is verified; it is no secret. */
export function addAuditKeyCommand(program: Command, context: Context): void {
  program
    .command('audit-key')
    .description("print the key by which the local tenant's audit log is verified: ironforge verify --key")
    .action(async () => context.print(await localAuditKey(context)));
}

async function localAuditKey({ home }: Context): Promise<string> {
  const tenantId = (await isHeld(home)) ? readState(home)?.connection?.tenantId : null;
  if (tenantId) return auditKeyOf(home, tenantId);
  throw trouble('not_running', 'IronForge is not running: start it with ./ironforge up --detach');
}
