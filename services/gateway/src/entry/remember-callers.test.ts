import { appError } from '@ironforge/contracts';
import { branded, type TenantId, type UserId } from '@ironforge/kernel';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Authenticate, Authenticated } from './authenticate.ts';
import { rememberCallers } from './remember-callers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Identity that answers by hand: each question stays open until it is answered or refused. */
function play() {
  const questions: PromiseWithResolvers<Authenticated>[] = [];
  const ask: Authenticate = async () => {
    const question = Promise.withResolvers<Authenticated>();
    questions.push(question);
    return await question.promise;
  };
  const { authenticate, forget } = rememberCallers(ask);
  const call = async (credential = 'Bearer one', ip = '192.0.2.1') =>
    await authenticate(credential, { requestId: 'r', ip, userAgent: '', traceparent: '' });
  const answer = (who: Authenticated) => questions.at(-1)?.resolve(who);
  const refuse = () => questions.at(-1)?.reject(appError('unauthenticated'));
  return { questions, call, answer, refuse, forget };
}

function caller(role: string): Authenticated {
  const [tenantId, userId] = [branded<TenantId>('t'), branded<UserId>('u')];
  const by = { tenantId, userId, apiKeyId: null, sessionId: null };
  const known = { kind: 'user', ...by, roles: [role], permissions: [] } as const;
  return { caller: known, requestsPerMinute: 1 };
}

const [operator, approver] = [caller('operator'), caller('approver')];

it('asks once for requests that come together, and for those of the next two seconds', async () => {
  const { questions, call, answer } = play();
  const together = [call(), call()];
  answer(operator);
  expect(await Promise.all(together)).toEqual([operator, operator]);
  vi.advanceTimersByTime(1_999);
  expect(await call()).toBe(operator);
  expect(questions).toHaveLength(1);
  vi.advanceTimersByTime(1);
  const later = call();
  answer(approver);
  expect(await later).toBe(approver);
});

it('counts the two seconds from the question, however late the answer came', async () => {
  const { questions, call, answer } = play();
  const first = call();
  vi.advanceTimersByTime(2_000);
  answer(operator);
  await first;
  void call();
  expect(questions).toHaveLength(2);
});

it('asks for every credential and every address apart', async () => {
  const { questions, call } = play();
  void [call(), call('Bearer two'), call('Bearer one', '192.0.2.2')];
  expect(questions).toHaveLength(3);
});

it('remembers no refusal', async () => {
  const { questions, call, refuse } = play();
  const together = [call(), call()];
  refuse();
  for (const one of together) await expect(one).rejects.toMatchObject({ code: 'unauthenticated' });
  void call();
  expect(questions).toHaveLength(2);
});

it('answers nobody from before it was told to forget, and does not wait for what was asked before', async () => {
  const { questions, call, answer, forget } = play();
  const [early] = [call()];
  forget();
  const late = call();
  expect(questions).toHaveLength(2);
  questions[0]?.resolve(operator);
  expect(await early).toBe(operator);
  answer(approver);
  expect(await late).toBe(approver);
  expect(await call()).toBe(approver);
  forget();
  void call();
  expect(questions).toHaveLength(3);
});

it('forgets a late refusal of a question from before without losing the answer behind it', async () => {
  const { questions, call, answer } = play();
  const early = call();
  vi.advanceTimersByTime(2_000);
  const late = call();
  answer(operator);
  await late;
  questions[0]?.reject(appError('unauthenticated'));
  await expect(early).rejects.toMatchObject({ code: 'unauthenticated' });
  expect(await call()).toBe(operator);
  expect(questions).toHaveLength(2);
});

it('knows the last thousand credentials at most', async () => {
  const { questions, call, answer } = play();
  for (let n = 0; n <= 1_000; n++) {
    const one = call(`Bearer ${n}`);
    answer(operator);
    await one;
  }
  await call('Bearer 1');
  expect(questions).toHaveLength(1_001);
  void call('Bearer 0');
  expect(questions).toHaveLength(1_002);
});
