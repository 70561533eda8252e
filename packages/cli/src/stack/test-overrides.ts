import { join } from 'node:path';
import { z } from 'zod';
import type { Home } from '../home.ts';
import { readJson } from '../json-file.ts';

const Variables = z.record(z.string(), z.string());

/**
 * What a test wants a service to be started with, read before each of its starts from `run/overrides/<service>.json`:
 * other addresses, a crash point. Nothing unless IRONFORGE_TEST_BUILD is 1, which `./ironforge test` alone sets.
 */
export function testOverrides(home: Home, env: NodeJS.ProcessEnv, service: string): Record<string, string> {
  if (env['IRONFORGE_TEST_BUILD'] !== '1') return {};
  const wanted = readJson(join(home.dir, 'run', 'overrides', `${service}.json`));
  return wanted === null ? {} : { IRONFORGE_TEST_BUILD: '1', ...Variables.parse(wanted) };
}
