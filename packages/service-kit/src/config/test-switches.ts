import type { ErrorItem } from '@ironforge/kernel';
import type { Environment } from './read-config.ts';

/** What only a test build obeys: a step at which the process kills itself, and a bug that was put in on purpose. */
const SWITCHES = ['CRASH_AT', 'IRONFORGE_PLANT'];
const TEST_BUILD = 'IRONFORGE_TEST_BUILD';

/** Every switch of test builds that stands where it must not: in production each, elsewhere those of no test build. */
export function misplacedSwitches(environment: Environment): ErrorItem[] {
  if (environment['NODE_ENV'] === 'production')
    return problems(environment, [TEST_BUILD, ...SWITCHES], 'refused in production');
  if (environment[TEST_BUILD] === '1') return [];
  return problems(environment, SWITCHES, `for test builds alone (${TEST_BUILD}=1)`);
}

function problems(environment: Environment, refused: readonly string[], why: string): ErrorItem[] {
  return refused
    .filter((name) => (environment[name] ?? '') !== '')
    .map((name) => ({ pointer: `/${name}`, code: 'test_switch', detail: `${name}: ${why}` }));
}
