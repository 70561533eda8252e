import type { EntryMetadata } from '@ironforge/audit-log';
import type { VerifiableEntry } from '../wire/answers.ts';

/** What an answer says beside a value, as the digest of its entry takes it. */
export function entryMetadata(metadata: VerifiableEntry['entry']['metadata']): EntryMetadata | null {
  if (metadata === null) return null;
  return { ...metadata, expiresAt: metadata.expiration?.expiresAt ?? null };
}
