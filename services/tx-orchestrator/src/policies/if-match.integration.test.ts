import { ROUTES } from '@ironforge/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusalOf, replyOf } from '../testbed/story.fixture.ts';
import { startWorld, type World } from '../testbed/world.fixture.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test('a policy is shown with its version as tag, and changes only in a version that If-Match names', async () => {
  const { admin } = world.people;
  const rules = [{ name: 'all', when: {}, effect: { type: 'allow' as const } }];
  const made = await world.ask(admin, ROUTES.createPolicy, { body: { name: 'one', rules } });
  expect(made.headers.get('etag')).toBe('"1"');
  const params = { id: replyOf(made).id };
  const update = (name: string, ifMatch: string) =>
    world.ask(admin, ROUTES.updatePolicy, { params, body: { name }, headers: { 'if-match': ifMatch } });
  expect(refusalOf(await update('two', '"2"'))).toBe('412 precondition_failed');
  expect(refusalOf(await update('two', 'W/"1"'))).toBe('412 precondition_failed');
  expect(refusalOf(await update('two', '1'))).toBe('400 invalid_header');
  const second = await update('two', '"7", "1"');
  expect(second).toMatchObject({ status: 200, reply: { name: 'two', version: 2 } });
  expect(second.headers.get('etag')).toBe('"2"');
  expect(refusalOf(await update('three', '"1"'))).toBe('412 precondition_failed');
  expect((await update('three', '*')).status).toBe(200);
  const read = await world.ask(admin, ROUTES.getPolicy, { params });
  expect(read.headers.get('etag')).toBe('"3"');
  expect(replyOf(read)).toMatchObject({ name: 'three', version: 3 });
});
