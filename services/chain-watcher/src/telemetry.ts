import { Counter, Gauge, type Registry } from '@prometheus-io/client';

/** The business metrics of the watcher. */
export interface Telemetry {
  blockApplied(chainId: string, height: number): void;
  blockUndone(chainId: string): void;
  /** Blocks that the node has and we have not yet read. */
  lag(chainId: string, blocks: number): void;
  chainStopped(chainId: string): void;
}

/** Registers the metrics. */
export function createTelemetry(registry: Registry): Telemetry {
  const shared = { labelNames: ['chain'], registers: [registry] };
  const applied = new Counter({ name: 'chain_blocks_applied_total', help: 'Blocks applied', ...shared });
  const undone = new Counter({
    name: 'chain_blocks_undone_total',
    help: 'Blocks undone by reorgs',
    ...shared,
  });
  const height = new Gauge({ name: 'chain_height', help: 'Height of the newest block applied', ...shared });
  const lag = new Gauge({ name: 'chain_lag_blocks', help: 'Blocks read and not yet applied', ...shared });
  const stopped = new Gauge({ name: 'chain_stopped', help: '1 after a reorg below finality', ...shared });
  return {
    blockApplied: (chain, at) => {
      applied.inc({ chain });
      height.set({ chain }, at);
    },
    blockUndone: (chain) => undone.inc({ chain }),
    lag: (chain, blocks) => lag.set({ chain }, blocks),
    chainStopped: (chain) => stopped.set({ chain }, 1),
  };
}
