import { z } from 'zod';
import { internalJwks, signingKey } from '../internal/keys.ts';
import { LOG_LEVELS } from '../observe/log-level.ts';
import { jsonText } from './json-text.ts';

/** Variables that every service reads; spread into the service's own schema. */
export const SERVICE_ENV = {
  PORT: z.coerce.number().int().min(0).max(65_535),
  HOST: z.string().default('127.0.0.1'),
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  /** Whether each answer is compared with its contract before it is sent; off by default in production, else on. */
  ANSWER_CHECKS: z.enum(['on', 'off']).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  /** For so many days is kept what was published, taken in, or spent: longer than any message can be on its way. */
  RETENTION_DAYS: z.coerce.number().int().min(2).default(30),
  INTERNAL_SIGNING_KEY: jsonText(signingKey),
  INTERNAL_JWKS: jsonText(internalJwks),
} as const;
