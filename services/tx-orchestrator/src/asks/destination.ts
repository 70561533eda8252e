import { namedAddresses } from '@ironforge/chain-evm';
import { type DestinationKind, INTERNAL_ROUTES } from '@ironforge/contracts';
import type { OrchestratorDeps } from '../deps.ts';
import { type Hit, spelled } from '../screening/screening.ts';

/** What is known at this moment about where a transfer goes. */
export interface Destination {
  /** What the tenant knows of the recipient. */
  readonly kinds: readonly DestinationKind[];
  /** Which addresses, paid or named in the call data, must not be paid. */
  readonly hits: readonly Hit[];
}

/** A transfer, and who started it: nobody vouches for a wallet that he registered himself. */
export interface DestinationQuestion {
  readonly intent: {
    readonly tenantId: string;
    readonly chainId: string;
    readonly from: string;
    readonly to: string;
    readonly data?: string | undefined;
  };
  readonly initiatorIds: readonly string[];
  readonly requestId: string;
}

/**
 * Asks the tenant's address book, the installation's list and the screening service. What goes to oneself (a cancel, a gap
 * fill) moves nothing and is not screened. Throws `dependency_down`, `screening_unavailable`: then nothing is signed off.
 */
export async function askDestination(
  deps: Pick<OrchestratorDeps, 'call' | 'screening'>,
  { intent, initiatorIds, requestId }: DestinationQuestion,
): Promise<Destination> {
  const { tenantId, chainId, from, to, data } = intent;
  if (to === from && data === undefined) return { kinds: [], hits: [] };
  const addresses = [...new Set([to, ...namedAddresses(data ?? '0x')])];
  const body = { tenantId, chainId, addresses, initiatorIds: [...initiatorIds] };
  const [{ known }, hits] = await Promise.all([
    deps.call(INTERNAL_ROUTES.resolveAddresses, { body, requestId }),
    deps.screening({ chainId, addresses }),
  ]);
  const blocked = known.filter(({ kind }) => kind === 'blocked');
  const own = blocked.map(({ address }) => ({ address, source: 'tenant' as const }));
  const kinds = known.filter(({ address }) => spelled(address) === spelled(to)).map(({ kind }) => kind);
  return { kinds: hits.length > 0 ? [...kinds, 'blocked'] : kinds, hits: [...own, ...hits] };
}
