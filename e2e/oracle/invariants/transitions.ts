import { z } from 'zod';
import type { Facts } from '../facts/facts.ts';
import type { Violation } from '../violation.ts';

const Told = z.object({ request: z.object({ status: z.string() }) });

/** Every arrow between two statuses, as the design draws them; staying is always allowed. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  draft: ['pending_approval', 'approved', 'rejected', 'cancelled', 'expired'],
  pending_approval: ['approved', 'rejected', 'cancelled', 'expired', 'broadcasted'],
  approved: ['signed', 'pending_approval', 'rejected', 'cancelled', 'expired', 'broadcasted'],
  signed: ['broadcasted', 'confirmed', 'failed', 'cancelled'],
  broadcasted: ['confirmed', 'failed', 'cancelled'],
  confirmed: ['broadcasted'],
  failed: ['broadcasted'],
  cancelled: ['broadcasted'],
  rejected: ['broadcasted'],
  expired: ['broadcasted'],
};

/** I5, first half: a request only ever went along an arrow, began as a draft, and did not move once it was final. */
export function transitions({ messages }: Facts): Violation[] {
  const told = messages.filter(({ routing_key }) => routing_key.startsWith('tx_request.'));
  const byRequest = Map.groupBy(told, ({ event }) => event.subject);
  return [...byRequest].flatMap(([id, own]) => {
    const steps = own
      .toSorted((a, b) => a.event.aggregateversion - b.event.aggregateversion)
      .map(({ routing_key, event }) => ({
        type: routing_key,
        status: Told.parse(event.data).request.status,
      }));
    return [...wrongSteps(id, steps), ...movedAfterEnd(id, steps)];
  });
}

interface Step {
  readonly type: string;
  readonly status: string;
}

/** A gap fill is created approved. */
function wrongSteps(id: string, steps: readonly Step[]): Violation[] {
  const [first] = steps;
  const isBegun = first?.type === 'tx_request.created' && ['draft', 'approved'].includes(first.status);
  const wrong = steps.slice(1).flatMap((step, index) => {
    const before = steps[index]?.status ?? '';
    const isLegal = before === step.status || (ARROWS[before] ?? []).includes(step.status);
    return isLegal ? [] : [broken(id, `went from ${before} to ${step.status} by ${step.type}`)];
  });
  return isBegun ? wrong : [broken(id, `began by ${first?.type ?? 'nothing'}`), ...wrong];
}

function movedAfterEnd(id: string, steps: readonly Step[]): Violation[] {
  const end = steps.findIndex(({ type }) => type === 'tx_request.finalized');
  const moved = end < 0 ? [] : steps.slice(end).filter(({ status }) => status !== steps[end]?.status);
  return moved.map(({ type }) => broken(id, `moved after it was final, by ${type}`));
}

function broken(id: string, what: string): Violation {
  return { invariant: 'I5', id, what };
}
