import { appError, INTERNAL_ROUTES, type Role, rolesWith } from '@ironforge/contracts';
import type { CallInternal } from '@ironforge/service-kit';
import { createGathering } from '@ironforge/store';
import type { z } from 'zod';

/** What identity says of users: those of all who asked together. */
export type ResolvedUsers = z.output<(typeof INTERNAL_ROUTES)['resolveUsers']['reply']>;

/** About whom identity is asked. */
export interface UsersQuestion {
  readonly tenantId: string;
  readonly userIds: readonly string[];
  readonly requestId?: string | undefined;
  /** By when, on the clock of `performance.now()`, an answer is of no use any more. */
  readonly answerBy?: number | undefined;
}

/** Asks identity about users of a tenant, and who holds a role that may approve. Throws as a call does. */
export type ResolveUsers = (question: UsersQuestion) => Promise<ResolvedUsers>;

/** The roles whose holders may approve. */
export const APPROVING_ROLES = rolesWith('transactions:approve');

/** Of so many users identity tells at a time. */
const MAX_TOLD_OF = 1_000;
/** Together no more than that. */
const MAX_TOGETHER = 16;
const MAX_USERS_SHARED = 50;

/**
 * Asks for those of a tenant together who come while a call about it is under way: each answer is of a call that began after
 * its question, so it is as fresh as one of its own. Who has no answer within `withinMs`, the wait for the call before included,
 * is told `dependency_down`.
 */
export function createResolveUsers(call: CallInternal, withinMs: number): ResolveUsers {
  const gathering = createGathering<Asked>({
    maxTogether: MAX_TOGETHER,
    together: async (batch) => await askTogether(call, batch),
  });
  return async (asked) => {
    const answerBy = Math.min(performance.now() + withinMs, asked.answerBy ?? Number.POSITIVE_INFINITY);
    const question = { ...asked, answerBy };
    if (question.userIds.length > MAX_USERS_SHARED) return await ask(call, question);
    return await new Promise((resolve, reject) =>
      gathering.add(question.tenantId, askedInTime({ question, resolve, reject })),
    );
  };
}

interface Asker {
  readonly question: UsersQuestion & { readonly answerBy: number };
  readonly resolve: (answer: ResolvedUsers) => void;
  readonly reject: (reason: unknown) => void;
}

interface Asked extends Asker {
  readonly isTooLate: () => boolean;
}

/** Ends the wait when its time is over, however many calls would still have to end before its own. */
function askedInTime({ question, resolve, reject }: Asker): Asked {
  let isTooLate = false;
  const timer = setTimeout(() => {
    isTooLate = true;
    reject(appError('dependency_down', { detail: 'identity does not answer', retry: 'later' }));
  }, question.answerBy - performance.now());
  const inTime =
    <T>(settle: (value: T) => void) =>
    (value: T) => {
      clearTimeout(timer);
      settle(value);
    };
  return { question, resolve: inTime(resolve), reject: inTime(reject), isTooLate: () => isTooLate };
}

/** One call about all who still wait, for as long as any of them does; whatever becomes of it is the answer to each. */
async function askTogether(call: CallInternal, batch: readonly Asked[]): Promise<void> {
  const waiting = batch.filter(({ isTooLate }) => !isTooLate());
  const [first] = waiting;
  if (first === undefined) return;
  const userIds = waiting.flatMap(({ question }) => question.userIds);
  const answerBy = Math.max(...waiting.map(({ question }) => question.answerBy));
  try {
    const answer = await ask(call, { ...first.question, userIds, answerBy });
    for (const { resolve } of waiting) resolve(answer);
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}

/** In as many calls as it takes; the first asks for the holders of roles, whom identity tells of however many they are. */
async function ask(call: CallInternal, { userIds, ...question }: UsersQuestion): Promise<ResolvedUsers> {
  const [first = [], ...more] = portionsOf([...new Set(userIds)]);
  const [answer, ...others] = await Promise.all([
    askOnce(call, { ...question, userIds: first }, APPROVING_ROLES),
    ...more.map((some) => askOnce(call, { ...question, userIds: some }, [])),
  ]);
  return { ...answer, users: [...answer.users, ...others.flatMap(({ users }) => users)] };
}

function portionsOf(userIds: readonly string[]): string[][] {
  const count = Math.ceil(userIds.length / MAX_TOLD_OF);
  return Array.from({ length: count }, (_, n) => userIds.slice(n * MAX_TOLD_OF, (n + 1) * MAX_TOLD_OF));
}

async function askOnce(
  call: CallInternal,
  { tenantId, userIds, requestId, answerBy }: UsersQuestion,
  roles: readonly Role[],
): Promise<ResolvedUsers> {
  const body = { tenantId, userIds: [...userIds], roles: [...roles] };
  return await call(INTERNAL_ROUTES.resolveUsers, {
    body,
    answerBy,
    ...(requestId === undefined ? {} : { requestId }),
  });
}
