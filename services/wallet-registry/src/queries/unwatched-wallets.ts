import type { Tx } from '@ironforge/store';
import type { Wallet } from './wallets.ts';

/**
 * Wallets of all tenants, the oldest first, that the watcher has not answered for since ten minutes ago, nor since it was asked
 * again; from now on they count as asked.
 */
export async function takeUnwatched(tx: Tx): Promise<Wallet[]> {
  const { rows } = await tx.raw<{ rows: Wallet[] }>(TAKE);
  return rows;
}

const TAKE = `
  UPDATE wallets SET watch_asked_at = now()
  WHERE status = 'activating' AND id IN (
    SELECT id FROM wallets
    WHERE status = 'activating' AND created_at < now() - interval '10 minutes'
      AND (watch_asked_at IS NULL OR watch_asked_at < now() - interval '10 minutes')
    ORDER BY created_at LIMIT 100)
  RETURNING id, tenant_id, user_id, chain, chain_id, address, name, type, status, policy_id, is_watch_only, is_default, tags,
    metadata, version, created_at, updated_at`;
