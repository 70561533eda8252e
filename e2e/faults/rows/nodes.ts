import { setTimeout as sleep } from 'node:timers/promises';
import type { RpcProxy } from '@ironforge/testing';
import {
  forgetReceipts,
  leaveOut,
  lieAboutChain,
  lieAboutCount,
  lieAboutHash,
  lieAboutParent,
  lieAboutStatus,
  refuseBytes,
} from '../lies.ts';
import type { Row } from '../stage.ts';

const WHILE_MS = 1_500;

type Spoil = readonly [what: string, spoil: (node: RpcProxy) => void];

/** What both endpoints do at once, and what one does while the other is honest. */
const BOTH: readonly Spoil[] = [
  ['nodes lag', (node) => node.lag(3)],
  ['nodes accept and lose', (node) => node.loseBytes()],
  ['nodes answer 429', (node) => node.answerPlainly({ status: 429, headers: { 'retry-after': '1' } })],
  ['nodes hang up', (node) => node.hangUp()],
  ['nodes answer 502', (node) => node.answerPlainly({ status: 502, body: '<html>' })],
];
const ONE: readonly Spoil[] = [
  ['a node counts one nonce too many', (node) => node.interfere(lieAboutCount)],
  ['a node leaves transactions out', (node) => node.interfere(leaveOut)],
  ['a node lies about the hashes of blocks', (node) => node.interfere(lieAboutHash)],
  ['a node makes up a chain of its own', (node) => node.interfere(lieAboutChain)],
  ['a node lies about the parents of blocks', (node) => node.interfere(lieAboutParent)],
  ['a node says that success was failure', (node) => node.interfere(lieAboutStatus)],
  ['a node has no receipts', (node) => node.interfere(forgetReceipts)],
  ['a node refuses what it took', (node) => node.interfere(refuseBytes)],
  ['a node lags', (node) => node.lag(5)],
];

/** Nodes that lag, lose, refuse and lie. */
export const nodes: Row = {
  name: 'nodes',
  rounds: { small: 1, full: 4 },
  play: async ({ inject, moved, lines, chance }, rounds) => {
    for (let round = 0; round < rounds; round += 1) {
      for (const [what, spoil] of BOTH) {
        await moved();
        await inject(what, () => whileSpoiled(lines.nodes, spoil));
      }
      for (const [what, spoil] of ONE) {
        await moved();
        const one = lines.nodes[chance() < 0.5 ? 0 : 1];
        await inject(what, () => whileSpoiled([one], spoil));
      }
    }
  },
};

async function whileSpoiled(some: readonly RpcProxy[], spoil: (node: RpcProxy) => void): Promise<void> {
  for (const node of some) spoil(node);
  await sleep(WHILE_MS);
  for (const node of some) node.heal();
}
