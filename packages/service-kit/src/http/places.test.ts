import { expect, it } from 'vitest';
import { createPlaces } from './places.ts';

it('lets each name take as many as it may, and again when it has left one', () => {
  const places = createPlaces(2);
  const leave = places.take('a');
  expect(places.take('a')).not.toBeNull();
  expect(places.take('a')).toBeNull();
  expect(places.take('b')).not.toBeNull();
  leave?.();
  expect(places.take('a')).not.toBeNull();
  expect(places.take('a')).toBeNull();
});
