import { ROUTES } from '@ironforge/contracts';
import { askSmallPayment } from '../ask-small-payment.ts';
import { DAILY_LIMIT, ether, SMALL_PAYMENT } from '../amounts.ts';
import type { People, Request, Wallets } from '../cast.ts';
import type { Step } from '../step.ts';
import { claim } from '../truth.ts';

const AT_ONCE = 5;
/** One small payment was made before. */
const FITTING = Number(DAILY_LIMIT / SMALL_PAYMENT) - 1;

/** A limit holds also for wishes that come at the same moment. */
export const reachLimit: Step<{ people: People; wallets: Wallets }, null> = {
  name: 'limit_reached',
  title: `Five small payments are asked for at once: ${FITTING} fit into the rest of the day, the others are refused`,
  why: 'A limit is a reservation in the database, made as the request is: however many come at once, no more is promised than the rule allows.',
  act: async (_stage, { people, wallets }) => {
    const wishes = Array.from({ length: AT_ONCE }, () => askSmallPayment({ people, wallets }));
    const requests = await Promise.all(wishes);
    const approved = requests.filter(({ status }) => status === 'approved');
    const refused = requests.filter(
      ({ status, reason }) => status === 'rejected' && reason === 'limit_reached',
    );
    claim(`exactly ${FITTING} pass`, approved.length === FITTING);
    claim('the others name the limit', refused.length === AT_ONCE - FITTING);
    await takeBack(people, approved);
    const facts = {
      limit: `${ether(DAILY_LIMIT)} in 24 hours`,
      passed: approved.length,
      refused: refused.length,
    };
    return { facts, value: null };
  },
};

async function takeBack({ operator }: People, requests: readonly Request[]): Promise<void> {
  for (const { id } of requests) await operator.api.call(ROUTES.cancelTransaction, { params: { id } });
}
