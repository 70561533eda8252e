import { describe, expect, it } from 'vitest';
import { statedDelayMs } from './stated-delay.ts';

const nowMs = Date.parse('2026-11-22T12:00:00Z');

describe('how long an endpoint wants to be left alone', () => {
  it.each([
    ['30', 30_000],
    ['Sun, 22 Nov 2026 12:00:10 GMT', 10_000],
    ['Sun, 22 Nov 2026 11:59:00 GMT', null],
    ['0', null],
    ['soon', null],
    ['999999999', 900_000],
  ])('is in its Retry-After header: %s', (retryAfter, delay) => {
    expect(statedDelayMs({ retryAfter, error: null, nowMs })).toBe(delay);
  });

  it.each([
    [{ rate: { allowed_rps: 1, backoff_seconds: 30, current_rps: 1.07 } }, 30_000],
    [{ rate: { allowed_rps: 1, backoff_seconds: 0.25, current_rps: 1.07 } }, 250],
    [{ rate: { allowed_rps: 50, backoff_seconds: 0, current_rps: 52.3 } }, null],
    [{ see: 'https://infura.io/dashboard' }, null],
    ['30', null],
  ])('is in the data of its error: %j', (data, delay) => {
    const error = { code: -32005, message: 'project ID request rate exceeded', data };
    expect(statedDelayMs({ retryAfter: null, error, nowMs })).toBe(delay);
  });

  it.each([
    ['Too Many Requests, IP: ::ffff:127.0.0.1, please wait 23s and retry. RPC method: eth_call.', 23_000],
    ['rate limit exceeded, retry in 1m30s', 90_000],
    ['rate limit exceeded, retry in 10m', 600_000],
    ['rate limit exceeded, try again in 1.5s', 1_500],
    ['100/second request limit reached - reduce calls per second', null],
    ['If you have retries enabled, you can safely ignore this message', null],
  ])('is in its text: %s', (message, delay) => {
    expect(statedDelayMs({ retryAfter: null, error: { code: -32005, message }, nowMs })).toBe(delay);
  });

  it('is what the header says where both speak', () => {
    const error = { code: -32005, message: 'please wait 23s', data: { rate: { backoff_seconds: 7 } } };
    expect(statedDelayMs({ retryAfter: '2', error, nowMs })).toBe(2_000);
    expect(statedDelayMs({ retryAfter: null, error, nowMs })).toBe(7_000);
  });
});
