const PARTS = ['DATABASE_URL', 'REDIS_URL', 'AMQP_URL', 'AMQP_MANAGEMENT_URL', 'ETHEREUM_RPC_URL'];

/** Refuses to run integration tests without the real parts; they are never skipped in silence. Throws `Error`. */
export function setup(): void {
  const missing = PARTS.filter((name) => (process.env[name] ?? '') === '');
  if (missing.length === 0) return;
  throw new Error(
    `integration tests need ${missing.join(', ')}: run ./ironforge test, which starts the parts and sets them`,
  );
}
