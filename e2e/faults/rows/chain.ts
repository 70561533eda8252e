import { ROUTES } from '@ironforge/contracts';
import { Transaction } from 'ethers';
import { chain } from '../../world/environment.ts';
import { askNode, minedCount, reorg, sendRaw } from '../../world/node.ts';
import type { KeyedWallet } from '../../world/payment.ts';
import { present } from '../../world/present.ts';
import type { Row } from '../stage.ts';

const K = 2;

/** Blocks vanish with all that was in them, deposits among it; up to K + 5 blocks in the full run. */
export const reorgs: Row = {
  name: 'reorgs',
  rounds: { small: 1, full: 3 },
  play: async ({ inject, moved, wallets }, rounds) => {
    const deepest = rounds === 1 ? K + 1 : K + 5;
    for (let round = 0; round < rounds; round += 1)
      for (let depth = 1; depth <= deepest; depth += 1) {
        for (const { address } of wallets) await deposit(address);
        await moved();
        await inject(`reorg of depth ${depth}`, () => reorg(depth));
      }
  },
};

/** Signers who use their keys past IronForge: the nonce that a payment was bound to is gone. */
export const outsideSpends: Row = {
  name: 'nonces spent outside',
  rounds: { small: 1, full: 3 },
  play: async ({ inject, moved, wallets, tenant }, rounds) => {
    for (let round = 0; round < rounds; round += 1)
      for (const wallet of wallets) {
        const { standard } = await tenant.operator.call(ROUTES.getFees, {
          query: { chainId: chain.chainId },
        });
        await inject('nonce spent outside', () => spendOutside(wallet, BigInt(standard.maxFeePerGas) * 3n));
        await moved();
      }
  },
};

/** Sends one wei from the faucet. */
export async function deposit(to: string): Promise<void> {
  const { address: from } = present(chain.faucet, 'a faucet');
  await askNode('eth_sendTransaction', { from, to, value: '0x1' });
}

/** Nothing to oneself, at a higher fee than anybody else's. */
async function spendOutside({ address, key }: KeyedWallet, maxFeePerGas: bigint): Promise<void> {
  const nonce = await minedCount(address);
  const fees = { maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas };
  const chainId = chain.chainId.replace('eip155:', '');
  const transaction = Transaction.from({ type: 2, chainId, to: address, nonce, gasLimit: 21_000, ...fees });
  transaction.signature = key.sign(transaction.unsignedHash);
  await sendRaw(transaction.serialized).catch(refusedAsTooLate);
}

/** A payment was mined in between: then there is nothing to spend. */
function refusedAsTooLate(): void {}
