import { z } from 'zod';

/** What a plan allows. */
export interface PlanLimits {
  readonly maxWallets: number;
  readonly maxTransactionsPerDay: number;
  readonly requestsPerMinute: number;
}

const limits = z.object({
  maxWallets: z.int().min(0),
  maxTransactionsPerDay: z.int().min(0),
  requestsPerMinute: z.int().min(1),
});

/** The limits of each plan; an installation may set its own. */
export const planTable = z.object({ free: limits, pro: limits, enterprise: limits });
export type PlanTable = z.output<typeof planTable>;

/** The limits of an installation that sets none. */
export const DEFAULT_PLANS: PlanTable = {
  free: { maxWallets: 10, maxTransactionsPerDay: 100, requestsPerMinute: 100 },
  pro: { maxWallets: 1_000, maxTransactionsPerDay: 10_000, requestsPerMinute: 3_000 },
  enterprise: { maxWallets: 1_000_000, maxTransactionsPerDay: 100_000, requestsPerMinute: 600_000 },
};
