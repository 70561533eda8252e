import { present } from '@ironforge/kernel';
import { waitUntil } from '@ironforge/testing';
import { z } from 'zod';
import type { World } from '../world.fixture.ts';

/** Bytes that wait to be mined. */
interface Signed {
  readonly raw: string;
  readonly txHash: string;
}

/**
 * What becomes of a payment out and of a deposit in the chain that replaces ours: they come back in the block of the same
 * height, or after the newest, or never, or something else takes their nonces.
 */
export const FATES = ['kept', 'moved', 'dropped', 'cancelled', 'another attempt', 'a stranger'] as const;

/** One of them. */
export type Fate = (typeof FATES)[number];

/** Who plays for one fate: a wallet that pays, a stranger who pays in, and a wallet that receives. */
export interface Cast {
  readonly fate: Fate;
  readonly sender: string;
  readonly payer: string;
  readonly receiver: string;
  readonly wallets: readonly { readonly id: string; readonly address: string }[];
}

/** One payment and one deposit, mined in one block, with what may take their place. */
export interface Scene {
  readonly cast: Cast;
  readonly requestId: string;
  readonly payment: Signed;
  readonly deposit: Signed;
  readonly rivals: { readonly payment: Signed; readonly deposit: Signed };
}

/** What the node is started with, so that there are three accounts for each fate. */
export const ENOUGH_ACCOUNTS = { extraArguments: ['--accounts', String(FATES.length * 3)] };

/** Registers the wallets of every fate. */
export async function castAll(world: World): Promise<Cast[]> {
  const accounts = z.array(z.string()).parse(await world.anvil.rpc('eth_accounts'));
  const canonical = (index: number) => world.checksummed(present(accounts[index], 'an account'));
  const places = FATES.map((fate, index) => {
    const [sender, payer, receiver] = [0, 1, 2].map((seat) => canonical(index + seat * FATES.length));
    return { fate, sender: sender ?? '', payer: payer ?? '', receiver: receiver ?? '' };
  });
  return await Promise.all(
    places.map(async (place) => {
      const own = [place.sender, place.receiver];
      const watched = own.map(async (address) => ({ id: await world.watch(address), address }));
      return { ...place, wallets: await Promise.all(watched) };
    }),
  );
}

const DEARER = { maxFeePerGas: '0xee6b2800', maxPriorityFeePerGas: '0x2' };
let amount = 1_000;

/** Signs a payment and a deposit, with their rivals, and hands both over to be mined. */
export async function prepare(world: World, cast: Cast): Promise<Scene> {
  const { fate, sender, payer, receiver } = cast;
  amount += 1;
  const value = `0x${amount.toString(16)}`;
  const out = { from: sender, to: payer, value, nonce: await nonceOf(world, sender) };
  const back = { from: payer, to: receiver, value, nonce: await nonceOf(world, payer) };
  const payment = await world.sign(out);
  const deposit = await world.sign(back);
  const rivalOut = fate === 'cancelled' ? { ...out, to: sender, value: '0x0' } : out;
  const rivalBack = fate === 'another attempt' ? back : { ...back, to: payer, value: '0x0' };
  const rivals = {
    payment: await world.sign({ ...rivalOut, ...DEARER }),
    deposit: await world.sign({ ...rivalBack, ...DEARER }),
  };
  const ids = await world.broadcast({ address: sender, nonce: Number(out.nonce), ...payment });
  await world.hear('chain.tx_accepted', ({ attemptId }) => attemptId === ids.attemptId);
  await world.anvil.rpc('eth_sendRawTransaction', [deposit.raw]);
  return { cast, requestId: ids.requestId, payment, deposit, rivals };
}

/** Tells the watcher of the second attempt where there is one: a payment that is mined already is not sent. */
export async function attemptAgain(world: World, { cast, requestId, rivals }: Scene): Promise<void> {
  if (cast.fate !== 'cancelled' && cast.fate !== 'another attempt') return;
  await world.hear('chain.tx_observed', (data) => data.requestId === requestId && data.winner !== null);
  const rival = { requestId, attemptId: crypto.randomUUID() };
  const nonce = Number(await nonceOf(world, cast.sender)) - 1;
  await world.broadcast({ address: cast.sender, nonce, ...rivals.payment }, rival);
  await world.hear('chain.tx_accepted', ({ attemptId }) => attemptId === rival.attemptId);
}

/** Replaces the newest `depth` blocks, of which the lowest holds the scenes, and confirms what is in the new ones. */
export async function rewrite({ anvil }: World, scenes: readonly Scene[], depth: number): Promise<void> {
  const atOnce = scenes.flatMap((scene) => COMES_AT_ONCE[scene.cast.fate](scene));
  await anvil.reorg(
    depth,
    atOnce.map(({ raw }) => [raw, 0]),
  );
  for (const { cast, payment, deposit } of scenes) {
    if (cast.fate !== 'moved') continue;
    for (const { raw } of [payment, deposit]) await anvil.rpc('eth_sendRawTransaction', [raw]);
  }
  await anvil.mine(2);
}

const nothing = (): Signed[] => [];
const own = ({ payment, deposit }: Scene): Signed[] => [payment, deposit];
const others = ({ rivals }: Scene): Signed[] => [rivals.payment, rivals.deposit];
const COMES_AT_ONCE = {
  kept: own,
  moved: nothing,
  dropped: nothing,
  cancelled: others,
  'another attempt': others,
  'a stranger': others,
};

/** The depths that were told of a thing in the order of its versions, of which none may be missing. */
export function depthsOf(told: readonly { readonly version: number; readonly depth: string }[]): string[] {
  const byVersion = new Map(told.map(({ version, depth }) => [version, depth]));
  const versions = [...byVersion.keys()].toSorted((a, b) => a - b);
  return versions.map((version, index) => {
    const isNext = index === 0 || version - 1 === versions[index - 1];
    return isNext ? String(byVersion.get(version)) : `nothing before version ${version}`;
  });
}

/** Waits until the newest word on a wallet's balance is what the node says, with nothing pending. */
export async function balanceSettled(
  world: World,
  { id, address }: { readonly id: string; readonly address: string },
): Promise<void> {
  const balance = (await world.balance(address)).toString();
  await waitUntil(`${address} to be told with ${balance}`, () => {
    const told = world.all('wallet.balance_observed').filter((data) => data.walletId === id);
    const newest = told.toSorted((a, b) => a.version - b.version).at(-1);
    return newest?.amount === balance && newest.pending === '0';
  });
}

async function nonceOf({ anvil }: World, address: string): Promise<string> {
  return String(await anvil.rpc('eth_getTransactionCount', [address, 'latest']));
}
