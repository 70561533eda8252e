import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultProxy } from '@ironforge/testing';
import type { Row, Stage } from '../stage.ts';

const WHILE_MS = 1_000;

/** Each line between services and servers, and between services, is slow, stands still, loses what it carries, is reset, and refuses. */
export const links: Row = {
  name: 'links',
  rounds: { small: 1, full: 6 },
  play: async (stage, rounds) => {
    const { database, broker, redis, heads, immudb, services } = stage.lines;
    const lines = Object.entries({ database, broker, redis, heads, ...(immudb && { immudb }), ...services });
    for (let round = 0; round < rounds; round += 1)
      for (const spoil of [slow, standing, reset, halfOpen, refused]) {
        await stage.moved();
        await Promise.all(lines.map(([name, line]) => spoil(stage, name, line)));
      }
  },
};

type Spoil = (stage: Stage, name: string, line: FaultProxy) => Promise<void>;

const slow: Spoil = ({ inject, chance }, name, line) =>
  inject(`latency on ${name}`, async () => {
    line.delay(20 + Math.floor(chance() * 80));
    await sleep(WHILE_MS);
    line.heal();
  });

const standing: Spoil = ({ inject }, name, line) =>
  inject(`partition of ${name}`, async () => {
    line.hold();
    await sleep(WHILE_MS);
    line.heal();
  });

/** Every connection counts: each had somebody at its other end. */
const reset: Spoil = ({ inject }, name, line) =>
  inject(`connections of ${name} reset`, async () => line.reset());

/** Bytes vanish, both ends think they are connected; then the ends learn it. */
const halfOpen: Spoil = ({ inject }, name, line) =>
  inject(`${name} half open`, async () => {
    line.cut();
    await sleep(WHILE_MS);
    line.reset();
    line.heal();
  });

const refused: Spoil = ({ inject }, name, line) =>
  inject(`${name} refuses`, async () => {
    line.refuse();
    await sleep(WHILE_MS);
    line.heal();
  });
