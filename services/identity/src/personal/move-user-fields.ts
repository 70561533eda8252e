import { present } from '@ironforge/kernel';
import type { Tx } from '@ironforge/store';
import { versionOf } from '../credentials/field-cipher.ts';
import type { IdentityDeps } from '../deps.ts';
import { findSubjectKeys, insertSubjectKeys } from '../queries/subject-keys.ts';
import { lockUnmovedUsers, putUserCiphers, type UnmovedUser } from '../queries/unmoved-users.ts';
import { openField, sealField, subjectPlace } from './user-fields.ts';

type Deps = Pick<IdentityDeps, 'store' | 'dataKeys' | 'cipher' | 'log'>;

/** So many users at once. */
const BATCH = 100;

/**
 * Moves e-mail and name of each user from before there were data keys under his own one, batch by batch. At the start and not when
 * they are read: a read writes nothing, and who is never read would stay where his erasure does not reach.
 */
export async function moveUserFields(deps: Deps): Promise<void> {
  let moved = 0;
  let count: number;
  do {
    count = await deps.store.system('personal_data').transaction((tx) => moveBatch(deps, tx));
    moved += count;
  } while (count === BATCH);
  if (moved > 0) deps.log.info({ users: moved }, 'moved personal data under the keys of its people');
}

async function moveBatch(deps: Deps, tx: Tx): Promise<number> {
  const users = await lockUnmovedUsers(tx, BATCH);
  if (users.length === 0) return 0;
  const places = users.map(subjectPlace);
  await insertSubjectKeys(
    tx,
    places.map((place) => ({ ...place, key_cipher: deps.dataKeys.create(place) })),
  );
  const keys = await findSubjectKeys(tx, places);
  const wrapped = new Map(keys.map(({ subject, key_cipher }) => [subject, key_cipher]));
  for (const user of users) {
    const key_cipher = wrapped.get(subjectPlace(user).subject) ?? null;
    await putUserCiphers(tx, user, movedCiphers(deps, { ...user, key_cipher }));
  }
  return users.length;
}

function movedCiphers(deps: Deps, user: UnmovedUser & { readonly key_cipher: string | null }) {
  const move = (column: 'email_cipher' | 'display_name_cipher') => {
    if (versionOf(user[column]) !== 'v1') return user[column];
    const field = { table: 'users', column, row: user.id } as const;
    const text = present(openField(deps, user, { field, text: user[column] }), 'a field that is not moved');
    return sealField(deps, user, { field, text });
  };
  return { email_cipher: move('email_cipher'), display_name_cipher: move('display_name_cipher') };
}
