import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../world/present.ts';

const list = () => join(present(process.env['IRONFORGE_HOME'], 'IRONFORGE_HOME'), 'broken-on-purpose.txt');

/** Whose promises were broken on purpose, by a bug that was put in: the look at the whole run leaves them out. */
export function brokenOnPurpose(): readonly string[] {
  return existsSync(list()) ? readFileSync(list(), 'utf8').trim().split('\n') : [];
}

/** Notes that the promises to a tenant are about to be broken. */
export function breakOnPurpose(tenantId: string): void {
  appendFileSync(list(), `${tenantId}\n`);
}
