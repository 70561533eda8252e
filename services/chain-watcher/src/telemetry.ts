import { type EndpointObserver, ENDPOINT_STATES, type EndpointStatus } from '@ironforge/chain-core';
import { Counter, Gauge, type Registry } from '@prometheus-io/client';

/** The business metrics of the watcher. */
export interface Telemetry {
  /** The chain is looked at, by the process that leads it. */
  looksAt(chainId: string): void;
  blockApplied(chainId: string): void;
  /** Where the chain is followed to; told at every look at it, also when there is nothing new, and with each block. */
  standsOn(chainId: string, newest: Newest): void;
  blockUndone(chainId: string): void;
  /** Blocks that the node has and that we have not applied. */
  lag(chainId: string, blocks: number): void;
  chainStopped(chainId: string): void;
  chainGoesOn(chainId: string): void;
  /** Counts what is asked of a chain's endpoints, by their hosts, and what came to nothing. */
  endpointCalls(chainId: string): Pick<EndpointObserver, 'called' | 'failed'>;
  /** Shows at each scrape how it stands with the endpoints of a chain. */
  endpointStates(chainId: string, read: () => readonly EndpointStatus[]): void;
}

/** The newest block applied. */
export interface Newest {
  readonly height: number;
  readonly blockTime: Date;
}

/** Registers the metrics. */
export function createTelemetry(registry: Registry): Telemetry {
  const shared = { labelNames: ['chain'], registers: [registry] };
  const looks = new Counter({
    name: 'chain_looks_total',
    help: 'Times that the chain was looked at by the process that leads it',
    ...shared,
  });
  const applied = new Counter({ name: 'chain_blocks_applied_total', help: 'Blocks applied', ...shared });
  const undone = new Counter({
    name: 'chain_blocks_undone_total',
    help: 'Blocks undone by reorgs',
    ...shared,
  });
  const height = new Gauge({ name: 'chain_height', help: 'Height of the newest block applied', ...shared });
  const time = new Gauge({
    name: 'chain_head_time_seconds',
    help: 'When the newest block applied was made, by its own time, in seconds since 1970',
    ...shared,
  });
  const lag = new Gauge({
    name: 'chain_lag_blocks',
    help: 'Blocks that the node has and that are not applied',
    ...shared,
  });
  const stopped = new Gauge({
    name: 'chain_stopped',
    help: '1 while the chain is stopped: a fork below finality, or nodes of another chain',
    ...shared,
  });
  return {
    looksAt: (chain) => looks.inc({ chain }),
    blockApplied: (chain) => applied.inc({ chain }),
    standsOn: (chain, newest) => {
      height.set({ chain }, newest.height);
      time.set({ chain }, newest.blockTime.getTime() / 1_000);
    },
    blockUndone: (chain) => undone.inc({ chain }),
    lag: (chain, blocks) => lag.set({ chain }, blocks),
    chainStopped: (chain) => stopped.set({ chain }, 1),
    chainGoesOn: (chain) => stopped.set({ chain }, 0),
    ...endpointMetrics(registry),
  };
}

function endpointMetrics(registry: Registry): Pick<Telemetry, 'endpointCalls' | 'endpointStates'> {
  const registers = [registry];
  const labelNames = ['chain', 'endpoint'] as const;
  const calls = new Counter({
    name: 'chain_rpc_calls_total',
    help: 'JSON-RPC calls sent to an endpoint',
    labelNames,
    registers,
  });
  const failures = new Counter({
    name: 'chain_rpc_failures_total',
    help: 'Exchanges with an endpoint that came to nothing, by reason',
    labelNames: [...labelNames, 'reason'],
    registers,
  });
  return {
    endpointCalls: (chain) => ({
      called: (endpoint, count) => calls.inc({ chain, endpoint }, count),
      failed: (endpoint, reason) => failures.inc({ chain, endpoint, reason }),
    }),
    endpointStates: createStateGauges(registry),
  };
}

type EachEndpoint = (show: (chain: string, status: EndpointStatus) => void) => void;

/** The states are read when somebody looks, so that one that lapses by itself is not shown for ever. */
function createStateGauges(registry: Registry): Telemetry['endpointStates'] {
  const chains = new Map<string, () => readonly EndpointStatus[]>();
  const each: EachEndpoint = (show) => {
    for (const [chain, read] of chains) for (const status of read()) show(chain, status);
  };
  registry.registerMetric(stateGauge(each));
  registry.registerMetric(lagGauge(each));
  return (chain, read) => void chains.set(chain, read);
}

function stateGauge(each: EachEndpoint): Gauge {
  return new Gauge({
    name: 'chain_rpc_endpoint_state',
    help: '1 for the state an endpoint is in: asked, or why it is left out',
    labelNames: ['chain', 'endpoint', 'state'],
    registers: [],
    collect() {
      each((chain, { name: endpoint, state: present }) => {
        for (const state of ENDPOINT_STATES) this.set({ chain, endpoint, state }, state === present ? 1 : 0);
      });
    },
  });
}

function lagGauge(each: EachEndpoint): Gauge {
  return new Gauge({
    name: 'chain_rpc_endpoint_lag_blocks',
    help: 'Blocks that an endpoint is behind the others',
    labelNames: ['chain', 'endpoint'],
    registers: [],
    collect() {
      each((chain, { name: endpoint, lagBlocks }) => this.set({ chain, endpoint }, lagBlocks));
    },
  });
}
