import { AppError } from '@ironforge/kernel';
import { expect, it } from 'vitest';
import { createLogger } from './create-logger.ts';

function logged(fields: Record<string, unknown>): string {
  const lines: string[] = [];
  createLogger({ service: 'test', level: 'info', write: (line) => lines.push(line) }).info(fields, 'done');
  return lines.join('');
}

it.each([
  [{ authorization: 'hunter2hunter2' }],
  [{ request: { headers: { Authorization: 'hunter2hunter2', cookie: 'hunter2hunter2' } } }],
  [{ body: { password: 'hunter2hunter2', newPassword: 'hunter2hunter2' } }],
  [{ a: { b: { c: [{ refreshToken: 'hunter2hunter2' }] } } }],
  [{ privateKey: 'hunter2hunter2', api_key: 'hunter2hunter2', signingKey: 'hunter2hunter2' }],
  [{ body: { totp: 'hunter2hunter2' }, reply: { recoveryCodes: ['hunter2hunter2'] } }],
  [{ note: 'tried ifk_hunter2hunter2_x with Bearer hunter2hunter2' }],
  [{ url: 'amqp://guest:hunter2hunter2@host/' }],
  [{ err: new Error('bad token eyJhunter2hunter2.eyJhunter2.sig', { cause: { secret: 'hunter2hunter2' } }) }],
  [{ err: new AppError('x', { cause: new Error('Bearer hunter2hunter2') }) }],
])('keeps credentials out of the log: %j', (fields) => {
  expect(logged(fields)).not.toContain('hunter2');
});

it('keeps what is no credential, and an error with its code and cause', () => {
  const line = logged({
    walletId: 'w1',
    amount: 5n,
    err: new AppError('dependency_down', { cause: new Error('connection refused') }),
  });
  expect(JSON.parse(line)).toMatchObject({
    service: 'test',
    level: 'info',
    msg: 'done',
    walletId: 'w1',
    amount: '5',
    err: { code: 'dependency_down', cause: { message: 'connection refused' } },
  });
});
