import type { ReplyOf, ROUTES } from '@ironforge/contracts';
import type { Api } from '../api/client.ts';

/** Somebody in the story, signed in. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly api: Api;
}

/** The tenant of this run and its people; the signer's program signs in by an API key. */
export interface People {
  readonly tenantId: string;
  readonly admin: Person;
  readonly operator: Person;
  readonly approvers: readonly [Person, Person, Person];
  readonly signer: Person & { readonly apiKey: string };
  readonly compliance: Person;
}

export type Wallet = ReplyOf<(typeof ROUTES)['createWallet']>;
export type Request = ReplyOf<(typeof ROUTES)['getTransaction']>;

/** The wallets of the story and the files of the key that can spend from the treasury. */
export interface Wallets {
  readonly treasury: Wallet;
  readonly supplier: Wallet;
  readonly keystore: { readonly keystore: string; readonly passwordFile: string };
}
