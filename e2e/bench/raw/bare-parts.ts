import type { Work } from '../probe/work.ts';
import { rawDeliveries, rawPublishes } from './broker.ts';
import { rawExpress } from './express.ts';
import { rawCalls } from './node.ts';
import { rawBundles } from './statements.ts';

/** What the bare parts take for some work, one after the other, each with all processors. */
export interface BareParts {
  readonly seconds: number;
  /** How often a second each part does its share. */
  readonly rates: Readonly<Record<string, number>>;
}

/** Has each bare part do as much as was asked of it, `count` times or as often as tells its rate. */
export async function barePartsOf(each: Work, count: number): Promise<BareParts> {
  const bundle = {
    roundTrips: each.roundTrips,
    transactions: each.commits + each.reads,
    statements: each.statements,
    reading: each.selects / each.statements,
  };
  const bundles = await rawBundles(count, bundle);
  const publishes = await rawPublishes(count * MESSAGES_EACH);
  const deliveries = await rawDeliveries(count * MESSAGES_EACH);
  const nodeCalls = await rawCalls(BARE_CALLS);
  const requests = await rawExpress(BARE_REQUESTS, { body: bundle, answer: bundle });
  const seconds = [
    1 / bundles,
    each.messages / publishes,
    each.deliveries / deliveries,
    each.nodeCalls / nodeCalls,
    each.requests / requests,
  ];
  return {
    seconds: seconds.reduce((sum, one) => sum + one, 0),
    rates: { bundles, publishes, deliveries, nodeCalls, requests },
  };
}

const BARE_REQUESTS = 2_000;
const BARE_CALLS = 3_000;
const MESSAGES_EACH = 5;
