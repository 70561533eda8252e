import { expect, it } from 'vitest';
import { STOPS_WITHIN_MS } from './stopping.ts';

it('gives each who waits some seconds more than what he waits for', () => {
  const { answers, service, program } = STOPS_WITHIN_MS;
  expect(service - answers).toBeGreaterThanOrEqual(5_000);
  expect(program - service).toBeGreaterThanOrEqual(5_000);
});
