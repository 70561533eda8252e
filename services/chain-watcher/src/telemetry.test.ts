import type { EndpointState } from '@ironforge/chain-core';
import { createMetrics } from '@ironforge/service-kit';
import { expect, it } from 'vitest';
import { createTelemetry } from './telemetry.ts';

it('the metrics of endpoints name their hosts, count calls and failures by reason, and show the state of the moment', async () => {
  const { registry } = createMetrics('chain-watcher');
  const telemetry = createTelemetry(registry);
  let state: EndpointState = 'lagging';
  telemetry.endpointStates('eip155:1', () => [{ name: 'node.example', state, lagBlocks: 7 }]);
  telemetry.endpointCalls('eip155:1').called('node.example', 3);
  telemetry.endpointCalls('eip155:1').failed('node.example', 'rate_limited');
  const shown = await registry.metrics();
  expect(shown).toMatch(/chain_rpc_calls_total\{[^}]*endpoint="node.example"[^}]*\} 3/);
  expect(shown).toMatch(/chain_rpc_failures_total\{[^}]*reason="rate_limited"[^}]*\} 1/);
  expect(shown).toMatch(/chain_rpc_endpoint_state\{[^}]*state="lagging"[^}]*\} 1/);
  expect(shown).toMatch(/chain_rpc_endpoint_lag_blocks\{[^}]*endpoint="node.example"[^}]*\} 7/);
  state = 'asked';
  const later = await registry.metrics();
  expect(later).toMatch(/chain_rpc_endpoint_state\{[^}]*state="lagging"[^}]*\} 0/);
  expect(later).toMatch(/chain_rpc_endpoint_state\{[^}]*state="asked"[^}]*\} 1/);
});
