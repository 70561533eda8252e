import { randomUUID } from 'node:crypto';
import { createStore } from '@ironforge/store';
import { createCollectingLogger, createTestDatabase } from '@ironforge/testing';
import { expect, test } from 'vitest';
import { deleteOldBuckets } from './spending-windows.ts';

const DAYS = 30;
/** The bucket of now in a window of a day. */
const NOW = 'floor(extract(epoch FROM now()) / 3600)';

test('a bucket goes when it is out of its window and old, so many at a time; none that counts goes', async () => {
  await using database = await createTestDatabase();
  await using store = createStore({ url: database.url, log: createCollectingLogger() });
  const add = (rule: string, bucket: string, age: number) =>
    database.query(
      `INSERT INTO spending_buckets (tenant_id, policy_id, rule, asset_id, hours, bucket, amount, updated_at)
       SELECT tenant_id, id, $1, 'a', 24, ${bucket}, 1, now() - ${age} * interval '1 day' FROM policies`,
      [rule],
    );
  await database.query(
    `INSERT INTO policies (id, tenant_id, name, created_by, version, is_active, is_default)
     VALUES ($1, $2, 'p', $3, 1, true, true)`,
    [randomUUID(), randomUUID(), randomUUID()],
  );
  await add('old', `${NOW} - 800`, DAYS + 1);
  await add('older', `${NOW} - 900`, DAYS + 1);
  await add('just changed', `${NOW} - 800`, 1);
  await add('in its window', `${NOW} - 23`, DAYS + 1);
  const forget = (count: number) =>
    store.system('request_sweeper').transaction((tx) => deleteOldBuckets(tx, { days: DAYS, count }));
  const rules = async () => {
    const rows = await database.query('SELECT rule FROM spending_buckets ORDER BY rule');
    return rows.map((row) => row['rule']);
  };
  await forget(1);
  expect(await rules()).toHaveLength(3);
  await forget(100);
  expect(await rules()).toEqual(['in its window', 'just changed']);
});
