/** The parts that integration tests stand on. */
export type PartUrl = 'DATABASE_URL' | 'AMQP_URL' | 'AMQP_MANAGEMENT_URL' | 'REDIS_URL';

/** The address of a real part. Throws when it is not set: a test never goes on without the part it needs. */
export function partUrl(name: PartUrl): string {
  const url = process.env[name];
  if (url === undefined || url === '') throw new Error(`${name} is not set: run "./ironforge test"`);
  return url;
}
