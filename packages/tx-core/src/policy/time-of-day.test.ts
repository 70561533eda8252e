import { expect, test } from 'vitest';
import { isWithinTimeOfDay, type TimeOfDay } from './time-of-day.ts';

const OFFICE: TimeOfDay = { weekdays: ['mon', 'fri'], fromMinute: 8 * 60, toMinute: 18 * 60 + 30 };
const NIGHT: TimeOfDay = { weekdays: ['fri'], fromMinute: 22 * 60, toMinute: 6 * 60 };
const ALWAYS: TimeOfDay = { fromMinute: 0, toMinute: 24 * 60 };

test.each([
  ['office hours', OFFICE, 'begin on the minute', '2026-03-06T08:00:00.000Z', true],
  ['office hours', OFFICE, 'have not begun a moment before', '2026-03-06T07:59:59.999Z', false],
  ['office hours', OFFICE, 'last until their end', '2026-03-06T18:29:59.999Z', true],
  ['office hours', OFFICE, 'exclude their end', '2026-03-06T18:30:00.000Z', false],
  ['office hours', OFFICE, 'are not on a day that is not named', '2026-03-05T12:00:00.000Z', false],
  ['office hours', OFFICE, 'are on every day that is named', '2026-03-09T12:00:00.000Z', true],
  ['a night', NIGHT, 'begins in the evening', '2026-03-06T22:00:00.000Z', true],
  ['a night', NIGHT, 'belongs to the day before midnight', '2026-03-07T05:59:59.999Z', true],
  ['a night', NIGHT, 'ends in the morning', '2026-03-07T06:00:00.000Z', false],
  ['a night', NIGHT, 'does not begin on a day that is not named', '2026-03-07T22:00:00.000Z', false],
  ['a night', NIGHT, 'is not the morning of the day on which it begins', '2026-03-06T05:00:00.000Z', false],
  ['a whole day', ALWAYS, 'includes its last moment', '2026-03-06T23:59:59.999Z', true],
  [
    'a whole day',
    ALWAYS,
    'includes midnight, also of the first day of all',
    '1970-01-01T00:00:00.000Z',
    true,
  ],
])('%s (%j) %s: %s', (_name, time, _what, at, isWithin) => {
  expect(isWithinTimeOfDay(time, Date.parse(at))).toBe(isWithin);
});
