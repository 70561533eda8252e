import { collectDefaultMetrics, Histogram, Registry } from '@prometheus-io/client';

/** The metrics of one service. */
export interface Metrics {
  /** Where a service registers its business metrics. */
  readonly registry: Registry;
  readonly observeRequest: (request: ObservedRequest) => void;
}

/** A request that was answered. */
export interface ObservedRequest {
  readonly method: string;
  /** The route's pattern, never the path: labels must stay few. */
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** A registry of its own per service, with the process's metrics and the duration of HTTP requests. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Duration of HTTP requests in seconds',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  return {
    registry,
    observeRequest: ({ method, route, status, seconds }) =>
      duration.observe({ method, route, status: String(status) }, seconds),
  };
}
