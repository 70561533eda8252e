import { appError } from '@ironforge/contracts';

/** Addresses that a transfer pays or names; EVM addresses in any case. */
export interface ScreeningQuestion {
  readonly chainId: string;
  readonly addresses: readonly string[];
}

/** An address that must not be paid, and who says so. */
export interface Hit {
  readonly address: string;
  readonly source: 'tenant' | 'installation' | 'provider';
}

/** A source that knows addresses which must not be paid. Throws `screening_unavailable` when it cannot tell. */
export type AddressScreening = (question: ScreeningQuestion) => Promise<readonly Hit[]>;

/** Asks every source; none may be silent. */
export function allOf(sources: readonly AddressScreening[]): AddressScreening {
  return async (question) => (await Promise.all(sources.map((source) => source(question)))).flat();
}

/** A source cannot tell, so nothing is signed off. */
export function unavailable(detail: string, cause?: unknown) {
  return appError('screening_unavailable', { retry: 'later', detail, cause });
}

/** One spelling of an address: the case of an EVM address is a checksum and no part of the name (EIP-55). */
export function spelled(address: string): string {
  return address.startsWith('0x') ? address.toLowerCase() : address;
}
