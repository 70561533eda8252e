import { WEEKDAYS } from '@ironforge/contracts';
import { present } from '@ironforge/kernel';

/** Part of a day in UTC, its end excluded; `from` above `to` runs past midnight and counts for the day on which it begins. */
export type TimeOfDay = {
  /** Every day when left out. */
  readonly weekdays?: readonly (typeof WEEKDAYS)[number][] | undefined;
  /** Minutes since midnight. */
  readonly fromMinute: number;
  readonly toMinute: number;
};

const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;
/** 1970-01-01 was a Thursday. */
const FIRST_WEEKDAY = 3;

/** True when the moment, in ms since 1970, is in that part of a day. */
export function isWithinTimeOfDay({ weekdays, fromMinute, toMinute }: TimeOfDay, atMs: number): boolean {
  const minute = Math.floor((atMs % MS_PER_DAY) / MS_PER_MINUTE);
  const day = Math.floor(atMs / MS_PER_DAY);
  const isOn = (one: number) => weekdays === undefined || weekdays.includes(weekdayOf(one));
  if (fromMinute <= toMinute) return isOn(day) && fromMinute <= minute && minute < toMinute;
  return minute < toMinute ? isOn(day - 1) : fromMinute <= minute && isOn(day);
}

function weekdayOf(day: number): (typeof WEEKDAYS)[number] {
  return present(WEEKDAYS[(day + FIRST_WEEKDAY + WEEKDAYS.length) % WEEKDAYS.length], 'a day of the week');
}
