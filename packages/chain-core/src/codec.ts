/** What a chain needs to know of an approved intent; amounts are decimal strings in base units. */
export interface TransferIntent {
  readonly chainId: string;
  readonly from: string;
  readonly to: string;
  /** CAIP-19. */
  readonly assetId: string;
  readonly amount: string;
  /** Call data in hex, with the native asset only. */
  readonly data?: string | undefined;
  /** The most native base units the network may take. */
  readonly feeCeiling: string;
}

/** An address in the chain's one canonical form, or why the text is none, for programs and for people. */
export type AddressParse =
  | { readonly address: string }
  | { readonly rejected: 'malformed' | 'wrong_checksum'; readonly detail: string };

/** The parts of a transaction a signer could alter; the first difference is the one people are shown. */
export type SignedField = 'type' | 'chainId' | 'nonce' | 'from' | 'to' | 'value' | 'data' | 'fee';

/** What became of comparing signed bytes with the intent they were asked for. */
export type Verification<Signed> =
  | { readonly accepted: Signed }
  | { readonly differs: readonly SignedField[] }
  | { readonly malformed: string };

/** Signed bytes taken apart, or why they are no transaction of this chain. */
export type Decoding<Signed> = { readonly decoded: Signed } | { readonly malformed: string };

/**
 * The offline half of a chain: text and bytes, no network.
 * `Binding` is what is fixed when somebody is ready to sign (nonce and fees), `Slot` the part of it a signer may not choose.
 */
export interface ChainCodec<Binding extends Slot, Slot, Unsigned, Signed> {
  /** Any case is taken, a wrong checksum is not. */
  parseAddress(text: string): AddressParse;
  /** True for an asset of this chain that we can transfer. */
  isTransferable(assetId: string): boolean;
  buildUnsigned(intent: TransferIntent, binding: Binding): Unsigned;
  decodeSigned(bytes: string): Decoding<Signed>;
  /** Accepts only bytes that are exactly the intent, at that slot, signed by the intent's `from`, within its fee ceiling. */
  verifyAgainst(intent: TransferIntent, slot: Slot, bytes: string): Verification<Signed>;
}
