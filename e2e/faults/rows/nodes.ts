import { setTimeout as sleep } from 'node:timers/promises';
import type { Interfere, RpcProxy } from '@ironforge/testing';
import { rewritten } from '../rewritten.ts';
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

const lieAboutStatus: Interfere = async (_call, real) =>
  rewritten(await real(), (text) => text.replaceAll('"status":"0x1"', '"status":"0x0"'));

const forgetReceipts: Interfere = async ({ method }, real) =>
  /Receipt/.test(method) ? { result: null } : await real();

const refuseBytes: Interfere = async ({ method }, real) => {
  const answer = await real();
  return method === 'eth_sendRawTransaction' ? { error: { code: -32000, message: 'nonce too low' } } : answer;
};
