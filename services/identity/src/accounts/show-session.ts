import { parseJson } from '@ironforge/kernel';
import { z } from 'zod';
import type { IdentityDeps } from '../deps.ts';
import { type KeyHolder, openField } from '../personal/user-fields.ts';
import type { OwnFamily } from '../queries/refresh-families.ts';

const whereabouts = z.object({ ip: z.string(), userAgent: z.string() });

/** Whose sessions they are, and in which he asks. */
export interface Asker {
  readonly owner: KeyHolder;
  readonly sessionId: string | null;
}

/** A session as its owner sees it; from where it began is known of those since it is kept encrypted. */
export function showSession(
  deps: Pick<IdentityDeps, 'cipher' | 'dataKeys'>,
  { owner, sessionId }: Asker,
  { id, created_at, updated_at, expires_at, whereabouts_cipher: text }: OwnFamily,
) {
  const field = { table: 'refresh_families', column: 'whereabouts_cipher', row: id } as const;
  const opened = text === null ? null : openField(deps, owner, { field, text });
  const { ip, userAgent } = opened === null ? NOWHERE : whereabouts.parse(parseJson(opened));
  return {
    id,
    createdAt: created_at.toISOString(),
    lastUsedAt: updated_at.toISOString(),
    expiresAt: expires_at.toISOString(),
    ip,
    userAgent,
    current: id === sessionId,
  };
}

const NOWHERE = { ip: null, userAgent: null };
