import { trouble } from '../trouble.ts';
import type { LogReader } from './log-reader.ts';
import type { EntryRange } from './range-of-log.ts';

/**
 * Throws `usage` for a first or last entry that the log does not reach: nothing is there to be right. One that is gone from its end
 * and that a checkpoint covers is for the checks to find.
 */
export async function refuseBeyond(
  reader: Pick<LogReader, 'extent' | 'firstCheckpointFrom'>,
  { from, to }: EntryRange,
  tenant: string,
): Promise<void> {
  const { last } = await reader.extent();
  for (const [option, number] of [
    ['--from', from],
    ['--to', to],
  ] as const) {
    if (number === undefined || number <= last) continue;
    if ((await reader.firstCheckpointFrom(number)) !== null) continue;
    throw trouble('usage', `${option}: the log of ${tenant} ends at ${last}`);
  }
}
