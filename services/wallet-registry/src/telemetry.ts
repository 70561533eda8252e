import { Counter, type Registry } from '@prometheus-io/client';

/** The business metrics of the registry. */
export interface Telemetry {
  readonly walletRegistered: () => void;
  readonly walletActivated: () => void;
  /** `old` when a newer observation was there already. */
  readonly balanceObserved: (outcome: 'changed' | 'same' | 'old') => void;
}

/** Registers the metrics. */
export function createTelemetry(registry: Registry): Telemetry {
  const registers = [registry];
  const registered = new Counter({ name: 'wallets_registered_total', help: 'Wallets registered', registers });
  const activated = new Counter({ name: 'wallets_activated_total', help: 'Wallets now watched', registers });
  const observed = new Counter({
    name: 'wallet_balances_observed_total',
    help: 'Observations of balances by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  return {
    walletRegistered: () => registered.inc(),
    walletActivated: () => activated.inc(),
    balanceObserved: (outcome) => observed.inc({ outcome }),
  };
}
