import { describe, expect, it } from 'vitest';
import { answerOf, requestOf } from './exchange.ts';
import { ROUTES } from './routes.ts';

describe('requestOf', () => {
  it('fills the path, the query and the body', () => {
    expect(requestOf(ROUTES.listWalletTransactions, { params: { id: 'a/b' }, query: { limit: 2 } })).toEqual({
      method: 'GET',
      path: '/v1/wallets/a%2Fb/transactions?limit=2',
      headers: {},
      body: null,
    });
    expect(requestOf(ROUTES.login, { body: { email: 'a@b.c', password: 'x' } })).toMatchObject({
      path: '/v1/auth/login',
      headers: { 'content-type': 'application/json' },
      body: '{"email":"a@b.c","password":"x"}',
    });
  });

  it('stops when a parameter of the path is missing', () => {
    expect(() => requestOf(ROUTES.getWallet, {})).toThrow('id of /v1/wallets/{id}');
  });
});

describe('answerOf', () => {
  it('reads the reply that the route promises', () => {
    expect(answerOf(ROUTES.logout, 204, '')).toEqual({ status: 204, reply: {} });
    expect(answerOf(ROUTES.listChains, 200, '{"data":[],"nextCursor":null}')).toEqual({
      status: 200,
      reply: { data: [], nextCursor: null },
    });
  });

  it('reads a problem', () => {
    const problem = {
      type: '/problems/not_found',
      title: 'There is no such resource',
      status: 404,
      detail: '',
      instance: '/v1/me',
      code: 'not_found',
      requestId: 'r',
      errors: [],
    };
    expect(answerOf(ROUTES.getMe, 404, JSON.stringify(problem))).toEqual({ status: 404, problem });
  });

  it('takes nothing that the route does not promise', () => {
    expect(() => answerOf(ROUTES.listChains, 200, '{"data":1}')).toThrow('expected array');
    expect(() => answerOf(ROUTES.listChains, 502, '<html>')).toThrow('not valid JSON');
  });
});
