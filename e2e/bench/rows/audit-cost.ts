import type { Crew } from '../load/crew.ts';
import { landed, rush } from '../load/flight.ts';
import { untilSealed } from '../probe/audit-log.ts';
import { freezeService } from '../probe/processes.ts';
import type { Found } from './row.ts';
import type { Stage } from './stage.ts';

/**
 * Transfers a second with auditing as part of those without. Without: the process of the audit service stands still (SIGSTOP), so that
 * its queue only fills; events are told and carried as ever, since whoever wants them asks for them. With, without, without, with,
 * so that what grows meanwhile weighs on both alike; in between the log comes after, so that nobody pays for another's rest.
 */
export async function auditCost(stage: Stage): Promise<Found> {
  const crew = await stage.hire('P');
  const count = Math.ceil(stage.options.transfers / 2);
  const began = { before: 0 };
  const audited = async () => await secondsOf(stage, { crew, count, began });
  const unaudited = async () => {
    const thaw = await freezeService('audit');
    try {
      return await secondsOf(stage, { crew, count, began });
    } finally {
      thaw();
      await untilSealed(crew.tenant.id);
    }
  };
  const seconds = { with: await audited(), without: (await unaudited()) + (await unaudited()) };
  const withAudit = seconds.with + (await audited());
  return {
    rows: { 'audit.cost': seconds.without / withAudit },
    notes: {
      'audit_cost.transfers_per_second_with': (2 * count) / withAudit,
      'audit_cost.transfers_per_second_without': (2 * count) / seconds.without,
    },
  };
}

interface Load {
  readonly crew: Crew;
  readonly count: number;
  /** How many of the crew's transfers came before; counted on. */
  readonly began: { before: number };
}

async function secondsOf(stage: Stage, { crew, count, began }: Load): Promise<number> {
  const flight = stage.keep(await rush(crew, { assetId: crew.native, count }));
  if (flight.refused.length > 0) throw new Error(`a transfer was refused: ${flight.refused[0]}`);
  const seconds = await landed(flight, began.before);
  began.before += count;
  return seconds;
}
