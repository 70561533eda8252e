import type { Metrics } from '@ironforge/service-kit';
import { Counter, Gauge } from '@prometheus-io/client';

/** What the orchestrator counts about its own work. */
export interface Telemetry {
  /** A request's event was stored. */
  readonly countEvent: (type: string) => void;
  /** Signed bytes were refused, by the code of the refusal. */
  readonly countRefusedSignature: (code: string) => void;
}

/** What is read whenever metrics are collected. */
export interface Readings {
  readonly databaseRetries: () => number;
  readonly waitingPolls: () => number;
}

/** Registers the orchestrator's metrics. */
export function createTelemetry({ registry }: Metrics, readings: Readings): Telemetry {
  const registers = [registry];
  const events = new Counter({
    name: 'tx_request_events_total',
    help: 'Events of transaction requests',
    labelNames: ['type'],
    registers,
  });
  const refused = new Counter({
    name: 'signatures_refused_total',
    help: 'Signed bytes that were refused',
    labelNames: ['code'],
    registers,
  });
  registerReadings(registers, readings);
  return {
    countEvent: (type) => events.inc({ type }),
    countRefusedSignature: (code) => refused.inc({ code }),
  };
}

function registerReadings(
  registers: Metrics['registry'][],
  { databaseRetries, waitingPolls }: Readings,
): void {
  const retries: Gauge = new Gauge({
    name: 'database_retries_total',
    help: 'Transactions that were run again after a serialization failure or a deadlock',
    registers,
    collect: () => retries.set(databaseRetries()),
  });
  const waiting: Gauge = new Gauge({
    name: 'signing_polls_waiting',
    help: 'Calls for signing tasks that wait for one',
    registers,
    collect: () => waiting.set(waitingPolls()),
  });
}
