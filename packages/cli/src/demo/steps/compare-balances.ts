import { present } from '@ironforge/kernel';
import type { Api } from '../../api/client.ts';
import { DEPOSIT, ether, PAYMENT } from '../amounts.ts';
import type { People, Request, Wallet, Wallets } from '../cast.ts';
import { nativeBalance } from '../native-balance.ts';
import type { Stage } from '../stage.ts';
import type { Step } from '../step.ts';
import { claim, until } from '../truth.ts';

interface Given {
  readonly people: People;
  readonly wallets: Wallets;
  readonly confirmed: Request;
}

/** To the last wei, fee included. */
export const compareBalances: Step<Given, null> = {
  name: 'balances_agree',
  title: 'Both balances agree with the node, to the last wei',
  why: 'The amount left one wallet with its fee and arrived in the other; both sides are read from the API and from the node at the same block.',
  act: async (stage, { people, wallets, confirmed }) => {
    const receipt = present(await stage.node.receipt(confirmed.txHash ?? ''), 'the receipt');
    const fee = receipt.gasUsed * receipt.effectiveGasPrice;
    claim('the fee is within the approved ceiling', fee <= BigInt(confirmed.feeCeiling));
    const { treasury, supplier } = wallets;
    const { api } = people.operator;
    await Promise.all([
      agrees({ stage, api, wallet: treasury, wei: DEPOSIT - PAYMENT - fee }),
      agrees({ stage, api, wallet: supplier, wei: PAYMENT }),
    ]);
    const facts = { treasury: ether(DEPOSIT - PAYMENT - fee), supplier: ether(PAYMENT), fee: ether(fee) };
    return { facts, value: null };
  },
};

interface Agreement {
  readonly stage: Stage;
  readonly api: Api;
  readonly wallet: Wallet;
  readonly wei: bigint;
}

/** Waits until the API tells this balance, and asks the node for the same block. */
async function agrees({ stage, api, wallet, wei }: Agreement): Promise<void> {
  const balance = await until(`${wallet.name} holds ${ether(wei)}`, async () => {
    const now = await nativeBalance(api, wallet.id);
    return BigInt(now.available) === wei ? now : null;
  });
  const onChain = await stage.node.balanceAt(wallet.address, balance.blockHeight);
  claim(`the node says the same of ${wallet.name}`, onChain === wei && BigInt(balance.amount) === wei);
}
