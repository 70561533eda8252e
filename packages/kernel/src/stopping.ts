/**
 * How long each waits for what it stops, in milliseconds: a service for the answers in hand, a process for its service, a supervisor
 * for its processes. Each is longer than the one before, with time for the rest, or it would end what stops in order.
 */
export const STOPS_WITHIN_MS = { answers: 5_000, service: 20_000, program: 25_000 } as const;
