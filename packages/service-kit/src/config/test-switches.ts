import type { ErrorItem } from '@ironforge/kernel';
import type { Environment } from './read-config.ts';

/** What only a test build obeys: a step at which the process kills itself, and a bug that was put in on purpose. */
const SWITCHES = ['CRASH_AT', 'IRONFORGE_PLANT'];
const TEST_BUILD = 'IRONFORGE_TEST_BUILD';

/** Every switch of test builds that stands where it must not: in production each, elsewhere those of no test build. */
export function misplacedSwitches(environment: Environment): ErrorItem[] {
  const isProduction = environment['NODE_ENV'] === 'production';
  const isTestBuild = environment[TEST_BUILD] === '1';
  const refused = isProduction ? [TEST_BUILD, ...SWITCHES] : isTestBuild ? [] : SWITCHES;
  const why = isProduction ? 'refused in production' : `for test builds alone (${TEST_BUILD}=1)`;
  return refused
    .filter((name) => (environment[name] ?? '') !== '')
    .map((name) => ({ pointer: `/${name}`, code: 'test_switch', detail: `${name}: ${why}` }));
}
