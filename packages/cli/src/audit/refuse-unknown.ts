import { trouble } from '../trouble.ts';
import type { LogReader } from './log-reader.ts';

/** Throws `failed` where there is neither such a tenant nor a log of it: where nothing was looked at, nothing is right. */
export async function refuseUnknown(reader: Pick<LogReader, 'extent'>, tenant: string): Promise<void> {
  const { last, has_tenant: hasTenant } = await reader.extent();
  if (last > 0 || hasTenant) return;
  throw trouble('failed', `There is no log of tenant ${tenant}, and no such tenant: nothing was checked`);
}
