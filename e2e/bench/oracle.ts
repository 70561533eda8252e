import type { Flight } from './load/flight.ts';
import { confirmedOf } from './load/flight.ts';
import { rpc } from './load/rpc.ts';
import { tokenBalance } from './load/token.ts';
import { AMOUNT, type Taken } from './load/transfer.ts';

const AT_ONCE = 50;

/** Asks chain and API whether every transfer of these flights was paid exactly once; gives what is wrong, in words. */
export async function examine(flights: readonly Flight[]): Promise<string[]> {
  const taken = flights.flatMap((flight) => flight.taken);
  const wrong: string[] = [];
  for (let from = 0; from < taken.length; from += AT_ONCE)
    wrong.push(...(await Promise.all(taken.slice(from, from + AT_ONCE).map(paidOnce))).flat());
  for (const crew of new Set(flights.map((flight) => flight.crew))) {
    const asked = flights.filter((flight) => flight.crew === crew).flatMap((flight) => flight.taken).length;
    const confirmed = await confirmedOf(crew);
    const spent = (await Promise.all(crew.payers.map(({ address }) => minedCount(address)))).reduce(
      (a, b) => a + b,
      0,
    );
    if (confirmed !== asked || spent !== asked)
      wrong.push(`tenant ${crew.tenant.id}: asked ${asked}, confirmed ${confirmed}, mined ${spent}`);
  }
  return wrong;
}

async function paidOnce({ id, to, assetId }: Taken): Promise<string[]> {
  const isToken = assetId.includes('erc20:');
  const held = isToken
    ? await tokenBalance(assetId, to)
    : BigInt(String(await rpc('eth_getBalance', to, 'latest')));
  return String(held) === AMOUNT ? [] : [`${id}: ${to} holds ${held} instead of ${AMOUNT}`];
}

async function minedCount(address: string): Promise<number> {
  return Number(await rpc('eth_getTransactionCount', address, 'latest'));
}
