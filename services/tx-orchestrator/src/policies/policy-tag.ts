import { appError } from '@ironforge/contracts';
import type { StoredPolicy } from '../queries/policies.ts';

type Versioned = Pick<StoredPolicy, 'version'>;

/** The entity tag of a policy: its version, strong (RFC 9110, section 8.8.3). */
export function tagOf({ version }: Versioned): string {
  return `"${version}"`;
}

/** An entity tag, weak or strong (RFC 9110, section 8.8.3). */
const TAG = /^(?:W\/)?"[^"]*"$/;

/** Throws `precondition_failed` for a policy that an `If-Match` does not name (RFC 9110, section 13.1.1), `invalid_header` for none. */
export function refuseOtherVersion(policy: Versioned, ifMatch: string | undefined): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const tags = ifMatch.split(',').map((tag) => tag.trim());
  if (!tags.every((tag) => TAG.test(tag)))
    throw appError('invalid_header', {
      detail: `If-Match must be the ETag as it was given, in quotes: ${tagOf(policy)}`,
    });
  if (!tags.includes(tagOf(policy)))
    throw appError('precondition_failed', { detail: `the policy is in version ${policy.version}` });
}
