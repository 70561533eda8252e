import { testBuildEnv } from '@ironforge/testing';
import { environment } from '../../world/environment.ts';
import { isBack, override, partNamed, strike } from '../fleet.ts';
import type { Row, Stage } from '../stage.ts';

const HOUR_MS = 3_600_000;
/** Calls between services are refused when two clocks differ by more than 5 s: what is on their road stays below. */
const NEAR_MS = 2_000;

/** Of two services that are off by the same way, each sign once. */
const SKEWS: Readonly<Record<string, number>> = {
  gateway: NEAR_MS,
  identity: -NEAR_MS,
  'tx-orchestrator': NEAR_MS,
  'wallet-registry': -NEAR_MS,
  audit: -HOUR_MS,
  'chain-watcher-evm': NEAR_MS,
};

/** Each service runs on a clock of its own, all wrong at once, by seconds and by an hour. */
export const clocks: Row = {
  name: 'clocks that are wrong',
  clocks: 'wrong',
  rounds: { small: 1, full: 3 },
  play: async (stage, rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      const sign = round % 2 === 0 ? 1 : -1;
      await Promise.all(
        Object.entries(SKEWS).map(([name, ms]) =>
          stage.inject(`clock of ${name} wrong`, () => restart(name, skewedBy(stage, sign * ms))),
        ),
      );
      await stage.moved();
      await stage.moved();
    }
    await Promise.all(environment.services.map(({ name }) => restart(name, stage.lines.variables)));
  },
};

function skewedBy({ lines }: Stage, clockSkewMs: number): Readonly<Record<string, string>> {
  return { ...lines.variables, ...testBuildEnv({ clockSkewMs }) };
}

async function restart(name: string, variables: Readonly<Record<string, string>>): Promise<void> {
  const { restarts } = partNamed(name);
  override(name, variables);
  strike(name);
  await isBack(name, restarts + 1);
}
