import pg from 'pg';
import type { z } from 'zod';
import { environment } from '../../world/environment.ts';

/** True where the installation's own database can be looked into. */
export const hasDatabase = environment.databaseUrl !== '';

const pool = new pg.Pool({ connectionString: environment.databaseUrl, max: 4 });

/** Asks as the owner, who is counted with nobody else. */
export async function query(text: string, values: readonly unknown[] = []): Promise<readonly unknown[]> {
  const { rows } = await pool.query<object>({ text, values: [...values] });
  return rows;
}

/** One row. Throws when it is of another shape. */
export async function queryOne<T>(
  shape: z.ZodType<T>,
  text: string,
  values: readonly unknown[] = [],
): Promise<T> {
  return shape.parse((await query(text, values))[0]);
}

/** Lets the database go. */
export async function closeDatabase(): Promise<void> {
  await pool.end();
}
