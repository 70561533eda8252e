import type { Logger, TenantId } from '@ironforge/kernel';
import type { TurnOutcome } from './take-turn.ts';

/** What happened to a turn, faults included. */
export type Told = TurnOutcome | { readonly state: 'failed'; readonly error: unknown };

/** Where what happens to a witness's turns is told. */
export interface Telling {
  readonly tell: (tenantId: TenantId, outcome: Told) => void;
  readonly failed: (error: unknown) => void;
}

/** Tells what a person should know of a witness: each thing once, until that log is cosigned again. */
export function createTelling(log: Logger, witness: string): Telling {
  const told = new Map<string, string>();
  return { tell, failed: (err: unknown) => log.warn({ witness, err }, 'the look for a witness failed') };

  function tell(tenantId: TenantId, outcome: Told): void {
    if (outcome.state === 'passed') return;
    if (outcome.state === 'cosigned') return cosigned(tenantId);
    if (isNew(outcome.state === 'away' ? AWAY : tenantId, wordOf(outcome))) say(tenantId, outcome);
  }

  function cosigned(tenantId: TenantId): void {
    told.delete(tenantId);
    if (told.delete(AWAY)) log.info({ witness }, 'the witness answers again');
  }

  function isNew(key: string, word: string): boolean {
    const isKnown = told.get(key) === word;
    told.set(key, word);
    return !isKnown;
  }

  function say(tenantId: TenantId, outcome: Trouble): void {
    if ('error' in outcome)
      log.error({ witness, tenantId, err: outcome.error }, 'a witness could not be asked');
    else if ('witnessSize' in outcome) alertOfFork(tenantId, outcome);
    else if (outcome.state === 'away')
      log.warn({ witness, why: outcome.why }, 'a witness does not answer; it is asked again');
    else log.error({ witness, tenantId, why: outcome.why }, 'a witness does not cosign');
  }

  function alertOfFork(
    tenantId: TenantId,
    { size, witnessSize }: Extract<Trouble, { state: 'forked' }>,
  ): void {
    const fields = { alert: 'audit_fork', tenantId, witness, size, witnessSize };
    log.error(fields, 'a witness saw a log that does not go on in ours');
  }
}

type Trouble = Exclude<Told, { state: 'passed' | 'cosigned' }>;

const AWAY = 'away';

/** A forked log grows on, and is still the same fork. */
function wordOf(outcome: Trouble): string {
  if (outcome.state === 'away') return AWAY;
  if ('error' in outcome) return `failed ${String(outcome.error)}`;
  return 'why' in outcome ? `${outcome.state} ${outcome.why}` : `forked ${outcome.witnessSize}`;
}
