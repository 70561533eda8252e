export type {
  ChainConfig,
  ChainKind,
  FeeModel,
  Finality,
  RpcAllowance,
  RpcEndpoint,
  RpcRules,
} from './chain-config.ts';
export type {
  AddressParse,
  ChainCodec,
  Decoding,
  SignedField,
  TransferIntent,
  Verification,
} from './codec.ts';
export type { EndpointObserver, EndpointState, EndpointStatus } from './endpoint-status.ts';
export { ENDPOINT_STATES } from './endpoint-status.ts';
export type { ChainFailure, ChainFailureReason } from './failure.ts';
export { CHAIN_FAILURE_REASONS, isTransportFailure } from './failure.ts';
export type { Attachment, CallFailure, Depth } from '@ironforge/contracts';
export type { ChainView, DepthRules } from './finality.ts';
export { confirmationsOf, depthOf, finalizedHeight, firstHeight } from './finality.ts';
export type { ToldHead } from './head-lag.ts';
export { lagsOf } from './head-lag.ts';
export type {
  BalanceQuery,
  Block,
  BlockHashOrHead,
  BroadcastOutcome,
  ChainNode,
  ChainPort,
  ChainTransaction,
  ChainWitness,
  FeeOffer,
  FeeTable,
  Head,
  News,
  Quote,
  QuoteRequest,
  Transfer,
  Whereabouts,
} from './node.ts';
export type { Jury, Word } from './quorum.ts';
export { hear, verdictOf } from './quorum.ts';
export type { Cursor, NodeView, Step } from './reorg.ts';
export { nextStep } from './reorg.ts';
