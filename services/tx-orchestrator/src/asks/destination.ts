import { namedAddresses } from '@ironforge/chain-evm';
import { type DestinationKind, INTERNAL_ROUTES } from '@ironforge/contracts';
import type { z } from 'zod';
import type { OrchestratorDeps } from '../deps.ts';
import type { Wallet } from './wallet.ts';
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
  asked: DestinationQuestion,
): Promise<Destination> {
  const question = questionOf(asked);
  if (question === null) return NOWHERE;
  const body = { ...question, tenantId: asked.intent.tenantId };
  const [{ known }, hits] = await Promise.all([
    deps.call(INTERNAL_ROUTES.resolveAddresses, { body, requestId: asked.requestId }),
    deps.screening(question),
  ]);
  return destinationOf(asked, known, hits);
}

/** A wallet, an asset and where the transfer goes. */
export interface TransferQuestion extends DestinationQuestion {
  readonly walletId: string;
  readonly assetId: string;
}

/** The same together with the wallet that pays, for which the registry is asked but once. */
export async function askTransfer(
  deps: Pick<OrchestratorDeps, 'call' | 'screening'>,
  { walletId, assetId, ...asked }: TransferQuestion,
): Promise<{ readonly wallet: Wallet | null; readonly destination: Destination }> {
  const question = questionOf(asked);
  const body = { tenantId: asked.intent.tenantId, walletId, assetId };
  const [{ wallet, known }, hits] = await Promise.all([
    deps.call(INTERNAL_ROUTES.getWalletForTransfer, {
      body: question === null ? body : { ...body, destination: question },
      requestId: asked.requestId,
    }),
    question === null ? [] : deps.screening(question),
  ]);
  return { wallet, destination: question === null ? NOWHERE : destinationOf(asked, known, hits) };
}

const NOWHERE: Destination = { kinds: [], hits: [] };

/** Null for what goes to oneself and calls nothing. */
function questionOf({ intent: { chainId, from, to, data }, initiatorIds }: DestinationQuestion) {
  if (to === from && data === undefined) return null;
  const addresses = [...new Set([to, ...namedAddresses(data ?? '0x')])];
  return { chainId, addresses, initiatorIds: [...initiatorIds] };
}

type Known = z.output<(typeof INTERNAL_ROUTES)['resolveAddresses']['reply']>['known'];

function destinationOf(
  { intent: { to } }: DestinationQuestion,
  known: Known,
  hits: readonly Hit[],
): Destination {
  const blocked = known.filter(({ kind }) => kind === 'blocked');
  const own = blocked.map(({ address }) => ({ address, source: 'tenant' as const }));
  const kinds = known.filter(({ address }) => spelled(address) === spelled(to)).map(({ kind }) => kind);
  return { kinds: hits.length > 0 ? [...kinds, 'blocked'] : kinds, hits: [...own, ...hits] };
}
