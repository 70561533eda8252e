import { randomBytes } from 'node:crypto';

/** A prefix for Redis keys that nobody else uses. */
export function testKeyPrefix(): string {
  return `test_${randomBytes(8).toString('hex')}:`;
}
