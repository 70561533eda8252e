import { ROUTES } from '@ironforge/contracts';
import { DEPOSIT, ether } from '../amounts.ts';
import type { People, Wallets } from '../cast.ts';
import { nativeBalance } from '../native-balance.ts';
import type { Step } from '../step.ts';
import { claim, until } from '../truth.ts';

/** Real value arrives on the chain; the watcher sees it by itself. */
export const receiveDeposit: Step<{ people: People; wallets: Wallets }, null> = {
  name: 'deposit_seen',
  title: 'The faucet pays into the treasury, and the watcher sees it',
  why: 'Nobody tells IronForge about a deposit: it follows the chain block by block. Money counts as pending until it lies deep enough that a reorganisation is unlikely.',
  act: async (stage, { people, wallets }) => {
    const { api } = people.operator;
    const { id, address } = wallets.treasury;
    const txHash = await stage.node.transfer(stage.faucet.privateKey, address, DEPOSIT);
    const deposit = await until('the watcher has seen the deposit', async () => {
      const { data } = await api.call(ROUTES.listWalletTransactions, { params: { id } });
      return data.find((seen) => seen.txHash === txHash) ?? null;
    });
    claim('the deposit came in, in full', deposit.direction === 'in' && BigInt(deposit.amount) === DEPOSIT);
    const balance = await until('the deposit is available', async () => {
      const now = await nativeBalance(api, id);
      return BigInt(now.available) === DEPOSIT ? now : null;
    });
    const onChain = await stage.node.balanceAt(address, balance.blockHeight);
    claim('the balance is what the node says', onChain === BigInt(balance.amount) && onChain === DEPOSIT);
    const facts = {
      txHash,
      block: deposit.blockHeight ?? 0,
      balance: ether(balance.amount),
      node: ether(onChain),
    };
    return { facts, value: null };
  },
};
