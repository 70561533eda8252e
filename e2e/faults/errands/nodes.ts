import { setTimeout as sleep } from 'node:timers/promises';
import { headHeight, reorg } from '../../world/node.ts';
import { lieAboutStatusAbove } from '../lies.ts';
import { type Errand, untilCrashed } from './errand.ts';

/** Longer than a block takes, shorter than two: what was read wrongly is looked at again when the node is honest. */
const LIE_MS = 1_500;
/** Until the blocks that were read meanwhile are deep enough. */
const HONEST_MS = 3_000;

/**
 * The endpoint that is asked first says of new blocks that what succeeded in them failed, and then the truth. Of older blocks
 * it says the truth always: else the watcher, which reads them again just then, would stand still and take no new one.
 */
export const readWrongly: Errand = async (scene) => {
  const [node] = scene.lines.nodes;
  await untilCrashed(scene, async () => {
    node.interfere(lieAboutStatusAbove(await headHeight()));
    await sleep(LIE_MS);
    node.heal();
    await sleep(HONEST_MS);
  });
};

const LOSE_AGAIN_AFTER_MS = 500;

/** The nodes take bytes and lose them, so that nothing is mined, until the process has died. */
export const loseBytes: Errand = async (scene) => {
  const { nodes } = scene.lines;
  try {
    await untilCrashed(scene, async () => {
      for (const node of nodes) node.loseBytes();
      await sleep(LOSE_AGAIN_AFTER_MS);
    });
  } finally {
    for (const node of nodes) node.heal();
  }
};

/** Long enough for the watcher to follow one before the next comes. */
const REORG_EVERY_MS = 15_000;
/** No errand undoes more blocks. */
export const DEEPEST_REORG = 7;

/** Blocks are undone, one more each time, so that a reorg reaches below where the watcher is. */
export const undoBlocks: Errand = async (scene) => {
  let depth = 2;
  await untilCrashed(scene, async () => {
    depth = Math.min(DEEPEST_REORG, depth + 1);
    await reorg(depth);
    await Promise.race([scene.crashed, sleep(REORG_EVERY_MS)]);
  });
};
