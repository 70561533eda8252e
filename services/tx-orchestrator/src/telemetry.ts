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

function registerReadings(registers: Metrics['registry'][], { waitingPolls }: Readings): void {
  const waiting: Gauge = new Gauge({
    name: 'signing_polls_waiting',
    help: 'Calls for signing tasks that wait for one',
    registers,
    collect: () => waiting.set(waitingPolls()),
  });
}
