import type { Clock, Logger, NewId } from '@ironforge/kernel';
import type { CallInternal, EventMaker } from '@ironforge/service-kit';
import type { Outbox, Store } from '@ironforge/store';
import type { PlanTable } from './accounts/plans.ts';
import type { AccessTokens } from './credentials/access-tokens.ts';
import type { FieldCipher } from './credentials/field-cipher.ts';
import type { KeyedHash } from './credentials/keyed-hash.ts';
import type { Passwords } from './credentials/passwords.ts';
import type { DataKeys } from './personal/data-keys.ts';

/** What identity's routes work with. */
export interface IdentityDeps {
  readonly store: Store;
  readonly outbox: Pick<Outbox, 'add'>;
  readonly events: EventMaker;
  readonly call: CallInternal;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly log: Logger;
  /** By the key of the installation. */
  readonly cipher: FieldCipher;
  readonly dataKeys: DataKeys;
  /** Blind index of e-mails; its key is apart from the one of credentials. */
  readonly hashEmail: (email: string) => string;
  /** Hashes credentials, and what would tell about them. */
  readonly keyedHash: KeyedHash;
  readonly passwords: Passwords;
  readonly accessTokens: AccessTokens;
  readonly plans: PlanTable;
}
