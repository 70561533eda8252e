import type { ChainFailureReason } from './failure.ts';

/** Whether an endpoint is asked, or why it is left out: behind the others, not answering, asked too often, or of another chain. */
export type EndpointState = 'asked' | 'lagging' | 'failing' | 'paused' | 'wrong_chain';

/** Every {@link EndpointState}. */
export const ENDPOINT_STATES: readonly EndpointState[] = [
  'asked',
  'lagging',
  'failing',
  'paused',
  'wrong_chain',
];

/** How it stands with one endpoint; `name` is its host, never more of its URL, which may carry a key. */
export interface EndpointStatus {
  readonly name: string;
  readonly state: EndpointState;
  readonly lagBlocks: number;
}

/** Who wants to know how endpoints do: for metrics and the log. */
export interface EndpointObserver {
  /** So many calls were sent to it. */
  called(name: string, calls: number): void;
  /** An exchange with it came to nothing. */
  failed(name: string, reason: ChainFailureReason): void;
  /** It is left out from now on, or asked again. */
  changed(status: EndpointStatus): void;
}
