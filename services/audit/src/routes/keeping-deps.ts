import type { Clock, NewId } from '@ironforge/kernel';
import type { Store } from '@ironforge/store';
import type { OwnEntries } from '../entry/own-entries.ts';
import type { Keeper } from '../keep/create-keeper.ts';

/** What the routes of retention and legal holds stand on. */
export interface KeepingDeps {
  readonly store: Store;
  readonly own: OwnEntries;
  readonly keeper: Pick<Keeper, 'wake'>;
  readonly clock: Clock;
  readonly newId: NewId;
}
