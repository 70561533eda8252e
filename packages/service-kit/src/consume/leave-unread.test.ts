import { expect, it } from 'vitest';
import { leaveUnread } from './leave-unread.ts';

const delivery = { id: 'x', queue: 'audit', body: {}, attempt: 0, redelivered: false };
const unknown = { malformed: 'unknown event type user.renamed', isOfUnknownType: true };

it('lets a message of an unknown type wait for a newer process, and not for ever', () => {
  for (const timesPutOff of [0, 39])
    expect(() => leaveUnread(unknown, { ...delivery, timesPutOff })).toThrow('unknown event type');
  expect(leaveUnread(unknown, { ...delivery, timesPutOff: 40 })).toEqual({ dead: unknown.malformed });
});

it('lets nothing else wait', () => {
  const broken = { malformed: '/id: required', isOfUnknownType: false };
  expect(leaveUnread(broken, { ...delivery, timesPutOff: 0 })).toEqual({ dead: broken.malformed });
});
