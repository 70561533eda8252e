import type { ChainCodec } from '@ironforge/chain-core';
import { parseAddress } from './address.ts';
import { parseAssetId } from './asset-id.ts';
import { decodeSigned, type EvmSigned } from './signed.ts';
import { buildUnsigned, type EvmBinding, type EvmRules, type EvmSlot, type EvmUnsigned } from './unsigned.ts';
import { verifyAgainst } from './verify.ts';

/** The offline half of an EVM chain. */
export type EvmCodec = ChainCodec<EvmBinding, EvmSlot, EvmUnsigned, EvmSigned>;

/** Makes the codec of one configured EVM chain. */
export function createEvmCodec(config: EvmRules): EvmCodec {
  return {
    parseAddress,
    isTransferable: (assetId) => parseAssetId(config, assetId) !== null,
    buildUnsigned: (intent, binding) => buildUnsigned(config, intent, binding),
    decodeSigned,
    verifyAgainst: (intent, slot, bytes) => verifyAgainst(config, { intent, slot }, bytes),
  };
}
