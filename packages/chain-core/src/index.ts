export type { ChainConfig, ChainKind, FeeModel, Finality } from './chain-config.ts';
export type {
  AddressParse,
  ChainCodec,
  Decoding,
  SignedField,
  TransferIntent,
  Verification,
} from './codec.ts';
export type { ChainFailure, ChainFailureReason } from './failure.ts';
export { CHAIN_FAILURE_REASONS, isTransportFailure } from './failure.ts';
export type { Attachment, Depth } from '@ironforge/contracts';
export type { ChainView, Followed } from './finality.ts';
export { confirmationsOf, depthChanges, depthOf, finalizedHeight } from './finality.ts';
export type {
  BalanceQuery,
  Block,
  BlockHashOrHead,
  BroadcastOutcome,
  ChainNode,
  ChainPort,
  ChainTransaction,
  FeeOffer,
  FeeTable,
  Head,
  Quote,
  QuoteRequest,
  Transfer,
  Whereabouts,
} from './node.ts';
export type { Cursor, NodeView, Step } from './reorg.ts';
export { nextStep } from './reorg.ts';
