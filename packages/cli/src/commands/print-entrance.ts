import type { Context } from '../context.ts';
import { present } from '@ironforge/kernel';
import { environmentOf } from '../stack/environment.ts';
import { readState } from '../supervisor/state-file.ts';

/** Prints how to reach the running installation: as JSON, or the block a person needs first. */
export async function printEntrance(context: Context, json: boolean): Promise<void> {
  const environment = await environmentOf(context.home);
  if (json) return context.print(JSON.stringify(environment, null, 2));
  const state = present(readState(context.home), 'state');
  const { gatewayUrl } = present(state.connection, 'connection');
  context.print('');
  context.print('IronForge is running.');
  context.print(`  API          ${gatewayUrl}/v1`);
  context.print(`  reference    ${gatewayUrl}/docs`);
  context.print(`  logins, keys ./ironforge env --json`);
  context.print(`  parts        ./ironforge status`);
  context.print(`  next         ./ironforge demo`);
  context.print(`  stop         ./ironforge down`);
}
