import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

/** What a service is to be started with so that it is a test build: which step ends it, which bug it has. */
export interface TestBuild {
  readonly crashAt?: string;
  readonly plant?: string;
  /** Where a crash point writes its name before it ends the process. */
  readonly crashLog?: string;
  /** How far its clock is ahead; negative: behind. */
  readonly clockSkewMs?: number;
}

/** The environment of a test build, on top of the service's own. */
export function testBuildEnv({ crashAt, plant, crashLog, clockSkewMs }: TestBuild): Record<string, string> {
  const preload = pathToFileURL(resolve(import.meta.dirname, 'preload.ts')).href;
  return {
    IRONFORGE_TEST_BUILD: '1',
    NODE_OPTIONS: `--import=${preload}`,
    ...(crashAt === undefined ? {} : { CRASH_AT: crashAt }),
    ...(plant === undefined ? {} : { IRONFORGE_PLANT: plant }),
    ...(crashLog === undefined ? {} : { CRASH_LOG: crashLog }),
    ...(clockSkewMs === undefined ? {} : { CLOCK_SKEW_MS: String(clockSkewMs) }),
  };
}
