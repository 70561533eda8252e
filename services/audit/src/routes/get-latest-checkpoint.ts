import { appError, ROUTES } from '@ironforge/contracts';
import { bind, type BoundRoute } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import { findNewestCheckpoint } from '../queries/audit-checkpoints.ts';
import { findNewestCosigned } from '../queries/audit-cosignatures.ts';
import { findSigningKey } from '../queries/audit-sequencers.ts';
import type { LogSigners } from '../seal/log-signers.ts';
import { showCheckpoint } from './show-checkpoint.ts';

/** What the route stands on. */
export interface LatestDeps {
  readonly store: Store;
  readonly signers: Pick<LogSigners, 'signerOf'>;
}

/** `GET /v1/audit/checkpoints/latest`: the newest head of the tenant's log, the key that verifies it, the newest that was cosigned. */
export function getLatestCheckpoint({ store, signers }: LatestDeps): BoundRoute {
  return bind(ROUTES.getLatestAuditCheckpoint, async ({ caller: { tenantId } }) => {
    const [row, cosigned, signingKey] = await store
      .forTenant(tenantId)
      .read((tx) =>
        Promise.all([
          findNewestCheckpoint(tx, tenantId),
          findNewestCosigned(tx, tenantId),
          findSigningKey(tx, tenantId),
        ]),
      );
    if (row === undefined) return appError('not_found', { detail: 'nothing has been sealed yet' });
    const beside = cosigned === undefined ? null : showCheckpoint(cosigned);
    const verifierKey = signingKey ?? signers.signerOf(tenantId).verifierKey;
    return { status: 200, body: { ...showCheckpoint(row), verifierKey, cosigned: beside } };
  });
}
