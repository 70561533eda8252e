import { entryKey } from '@ironforge/audit-log';
import type { Immudb } from '@ironforge/immudb';
import { copyRefused } from './copy-refused.ts';
import { type Finding, nameOfEntries } from './finding.ts';

/** Where a log ends, and who is asked whether it was longer. */
export interface BeyondCheck {
  readonly tenantId: string;
  readonly immudb: Pick<Immudb, 'get'>;
  /** So many entries are sealed, as of the moment in which the log is read. */
  readonly sealed: number;
  /** The same as of now: a log may go on while it is read. */
  readonly sealedNow: () => Promise<number>;
}

/**
 * What was copied of a log and is in it no more: it was rolled back. The notes of the copy may have been rolled back with it, so immudb is
 * asked for the entry behind the last one; what is there was sealed before it was copied.
 */
export async function checkBeyond(check: BeyondCheck, copied: number): Promise<Finding[]> {
  const { sealed, sealedNow, immudb, tenantId } = check;
  if (copied > sealed) return [rolledBack(nameOfEntries(sealed + 1, copied), sealed)];
  const told = await immudb.get(Buffer.from(entryKey(tenantId, BigInt(sealed + 1))));
  const subject = nameOfEntries(sealed + 1, sealed + 1);
  if ('refused' in told) return [copyRefused(told.refused, subject)];
  if (told.verified === null) return [];
  const now = await sealedNow();
  return now > sealed ? await checkBeyond({ ...check, sealed: now }, copied) : [rolledBack(subject, sealed)];
}

function rolledBack(subject: string, sealed: number): Finding {
  return {
    kind: 'history_rewritten',
    subject,
    detail: `copied to immudb, and the log ends at ${sealed}`,
  };
}
