import { landed, rush } from '../load/flight.ts';
import type { Found } from './row.ts';
import { mostOf, type Stage } from './stage.ts';

/** The same load from one wallet, as part of what ten wallets reach. */
export async function hotWallet(stage: Stage): Promise<Found> {
  const crew = await stage.hire('P', 1);
  const flight = stage.keep(await rush(crew, { assetId: crew.native, count: stage.options.transfers }));
  const rate = flight.taken.length / (await landed(flight));
  return { rows: { hot_wallet: rate / mostOf(stage) }, notes: { 'hot_wallet.transfers_per_second': rate } };
}
