import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { ROUTES } from '@ironforge/contracts';
import { Wallet as Keypair } from 'ethers';
import { writePrivate } from '../../json-file.ts';
import type { People, Wallet, Wallets } from '../cast.ts';
import type { Stage } from '../stage.ts';
import type { Step } from '../step.ts';
import { until } from '../truth.ts';

/** The signer makes a key for himself; IronForge is told the address alone. */
export const registerWallets: Step<{ people: People }, Wallets> = {
  name: 'wallets_registered',
  title: 'Two wallets are registered, by address alone',
  why: 'IronForge never sees a private key. The signer keeps it in an encrypted keystore of his own; the services know the address and watch it.',
  act: async (stage, { people }) => {
    const keystore = {
      keystore: join(stage.folder, 'treasury.json'),
      passwordFile: join(stage.folder, 'password'),
    };
    writePrivate(keystore.passwordFile, `${randomBytes(18).toString('base64url')}\n`);
    const files = ['--keystore', keystore.keystore, '--password-file', keystore.passwordFile];
    const address = await stage.runCli(['new-keystore', ...files]);
    const [treasury, supplier] = await Promise.all([
      register(stage, people, { name: 'Treasury', type: 'hot', address }),
      register(stage, people, {
        name: 'Supplier',
        type: 'personal',
        address: Keypair.createRandom().address,
        isWatchOnly: true,
      }),
    ]);
    const facts = { treasury: treasury.address, supplier: supplier.address, status: treasury.status };
    return { facts, value: { treasury, supplier, keystore } };
  },
};

interface NewWallet {
  readonly name: string;
  readonly type: Wallet['type'];
  readonly address: string;
  readonly isWatchOnly?: boolean;
}

/** Registers a wallet and waits until the watcher has noted from which block on it looks. */
async function register(stage: Stage, people: People, wallet: NewWallet): Promise<Wallet> {
  const { api } = people.operator;
  const { id } = await api.call(ROUTES.createWallet, { body: { chainId: stage.chainId, ...wallet } });
  return until(`wallet ${wallet.name} is active`, async () => {
    const found = await api.call(ROUTES.getWallet, { params: { id } });
    return found.status === 'active' ? found : null;
  });
}
