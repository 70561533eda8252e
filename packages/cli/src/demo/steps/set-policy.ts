import { ROUTES } from '@ironforge/contracts';
import { DAILY_LIMIT, ether, THRESHOLD } from '../amounts.ts';
import type { People } from '../cast.ts';
import type { Stage } from '../stage.ts';
import type { Step } from '../step.ts';
import { claim } from '../truth.ts';

/** Rules in order, the first that matches decides; small payments pass while they fit into a day's limit. */
export const setPolicy: Step<{ people: People }, null> = {
  name: 'policy_set',
  title: `The admin sets the rules: from ${ether(THRESHOLD)} on, two of three must approve; less passes, up to ${ether(DAILY_LIMIT)} a day`,
  why: 'Rules are data, read from top to bottom: the first that matches decides, and without any match nothing is paid.',
  act: async (stage, { people }) => {
    const policy = await people.admin.api.call(ROUTES.createPolicy, { body: await policyFor(stage, people) });
    claim('it is the policy of all wallets that name none', policy.isDefault && policy.isActive);
    const rules = policy.rules.map(({ name, effect }) => `${name} → ${effect.type}`);
    return { facts: { policy: policy.name, version: policy.version, rules }, value: null };
  },
};

async function policyFor(stage: Stage, { admin, approvers }: People) {
  const { data: chains } = await admin.api.call(ROUTES.listChains);
  const assetIds = chains
    .filter(({ chainId }) => chainId === stage.chainId)
    .map((chain) => chain.nativeAssetId);
  const treasury = { name: 'treasury', approvers: approvers.map(({ id }) => id), required: 2 };
  return {
    name: 'Payments',
    rules: [
      {
        name: 'large payments',
        when: { assetIds, amount: { min: THRESHOLD.toString() } },
        effect: { type: 'require_approvals' as const, groups: [treasury] },
      },
      {
        name: 'small payments',
        when: { assetIds, window: { hours: 24, max: DAILY_LIMIT.toString() } },
        effect: { type: 'allow' as const },
      },
    ],
  };
}
