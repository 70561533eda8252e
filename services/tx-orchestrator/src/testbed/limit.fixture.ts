import type { ROUTES, RouteInput } from '@ironforge/contracts';
import { installPolicy } from './policies.fixture.ts';
import { NATIVE, type World } from './world.fixture.ts';

type Effect = NonNullable<RouteInput<(typeof ROUTES)['createPolicy']>['body']>['rules'][number]['effect'];

/** A policy that lets so many base units a day through by its rule `daily`, and leaves the rest to two of three. */
export async function setLimit(world: World, max: number): Promise<string> {
  const approvers = [world.people.ann, world.people.ben, world.people.eva].map(({ userId }) => userId);
  const groups = [{ name: 'treasury', approvers, required: 2 }];
  const above = { name: 'above', when: {}, effect: { type: 'require_approvals' as const, groups } };
  return await setRules(world, [dailyRule(max, { type: 'allow' }), above]);
}

/** A policy that lets so many base units a day through, and no more. */
export async function setHardLimit(world: World, max: number, effect: Effect): Promise<string> {
  return await setRules(world, [dailyRule(max, effect)]);
}

function dailyRule(max: number, effect: Effect) {
  return { name: 'daily', when: { assetIds: [NATIVE], window: { hours: 24, max: String(max) } }, effect };
}

async function setRules(
  world: World,
  rules: { name: string; when: object; effect: Effect }[],
): Promise<string> {
  const body = { name: 'limited', isDefault: true, rules };
  return (await installPolicy(world, body)).id;
}

/** What the daily window of a policy has given away. */
export async function figureOf(world: World, policyId: string) {
  const where = `WHERE policy_id = $1 AND rule = 'daily'`;
  const [row] = await world.database.query(
    `SELECT COALESCE((SELECT reserved FROM spending_windows ${where}), 0)::INT4 AS open,
       COALESCE((SELECT SUM(amount) FROM spending_buckets ${where}), 0)::INT4 AS committed`,
    [policyId],
  );
  return row;
}

/** What the reservations of a policy add up to, as they are stored one by one. */
export async function reservedOf(world: World, policyId: string) {
  const [row] = await world.database.query(
    `SELECT COALESCE(SUM(amount) FILTER (WHERE state = 'open'), 0)::INT4 AS open,
       COALESCE(SUM(amount) FILTER (WHERE state = 'committed'), 0)::INT4 AS committed
     FROM spending_reservations WHERE policy_id = $1`,
    [policyId],
  );
  return row;
}
