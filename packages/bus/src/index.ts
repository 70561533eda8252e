export type { Bus, BusOptions, BusState } from './bus.ts';
export { createBus } from './bus.ts';
export type { ConsumeOptions, Consumer, ConsumerState } from './consumer.ts';
export type { DeadLetter, DeadLetters, QueueDepth } from './dead-letters.ts';
export { openDeadLetters } from './dead-letters.ts';
export type { Listener, ListenOptions } from './listener.ts';
export type {
  Delivery,
  Handle,
  OutgoingMessage,
  Publish,
  PublishFailure,
  PublishOutcome,
  Verdict,
  WrittenMessage,
} from './messages.ts';
export { CONTENT_TYPE } from './messages.ts';
export { postponed, reasonToPostpone } from './postponed.ts';
export type { CommandQueue, EventQueue, ProcessQueue, RetryDelay, Topology } from './topology.ts';
export { EVENTS_EXCHANGE, TOPOLOGY } from './topology.ts';
