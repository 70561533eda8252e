import { truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Interfere,
  KNOWN_BUGS,
  type KnownBug,
  type KnownBugName,
  testBuildEnv,
  waitUntil,
} from '@ironforge/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { breakOnPurpose } from '../oracle/exempt.ts';
import { consult } from '../oracle/oracle.ts';
import { environment } from '../world/environment.ts';
import { askNode } from '../world/node.ts';
import { present } from '../world/present.ts';
import { isBack, override, partNamed, strike } from './fleet.ts';
import { type Lines, openLines } from './lines.ts';
import { fileProof } from './proof.ts';
import { redTests } from './red-tests.ts';
import { deposit } from './rows/chain.ts';
import { hirePayers, type Payers, startTraffic } from './traffic.ts';

const isFull = process.env['IRONFORGE_FAULTS'] === 'full';
const IN_SMALL_RUN: readonly string[] = [
  'confirmed_at_depth_0',
  'token_in_log',
  'gap_ignored',
  'approver_counted_twice',
  'ceiling_not_checked',
];
const bugs = Object.entries<KnownBug>(KNOWN_BUGS).filter(([name]) => isFull || IN_SMALL_RUN.includes(name));
const byOracle = bugs.filter(([, { caughtBy }]) => 'invariant' in caughtBy);
const byTest = bugs.filter(([, { caughtBy }]) => 'file' in caughtBy);

let lines: Lines;
beforeAll(async () => {
  lines = await openLines();
});
afterAll(() => lines[Symbol.asyncDispose]());

it.for(byOracle)('the oracle sees that %s', async ([name, { service, caughtBy }]) => {
  const wanted = 'invariant' in caughtBy ? caughtBy.invariant : '';
  const payers = await hirePayers();
  breakOnPurpose(payers.tenant.id);
  const restart = restarting(present(service, 'a service'));
  await restart({ ...lines.variables, ...testBuildEnv({ plant: name }) });
  const traffic = startTraffic(payers);
  try {
    await PROVOKED[name]?.(payers);
    const seen = await waitUntil(`the oracle to name ${wanted}`, async () => {
      const { violations } = await consult({ only: [payers.tenant.id] }, 0);
      return violations.find(({ invariant }) => invariant === wanted);
    });
    fileProof({ bug: name, caughtBy: wanted, what: seen.what });
    expect(seen.what).not.toBe('');
  } finally {
    traffic.stop();
    for (const node of lines.nodes) node.heal();
    await restart(null);
    forgetLog(name);
  }
});

it.for(byTest)('a test turns red when %s', async ([name, { caughtBy }]) => {
  const { file, test } = 'file' in caughtBy ? caughtBy : { file: '', test: '' };
  const red = await redTests(file, name);
  const caught = red.filter((title) => title.includes(test));
  expect(caught).not.toEqual([]);
  fileProof({ bug: name, caughtBy: file, what: caught.join('; ') });
});

/** What brings a bug to light that payments alone do not. */
const PROVOKED: { readonly [Name in string]?: (payers: Payers) => Promise<void> } = {
  ack_before_commit: () => killTwice('tx-orchestrator'),
  relay_marks_before_confirm: () => killTwice('chain-watcher-evm'),
  reorg_not_undone: async ({ wallets }) => {
    for (const { address } of wallets) await deposit(address);
    await sleep(1_500);
    await askNode('anvil_reorg', 2, []);
  },
  receipt_missing_once_is_failure: async () => {
    for (const node of lines.nodes) node.interfere(withoutReceiptsAtFirst());
  },
} satisfies { readonly [Name in KnownBugName]?: (payers: Payers) => Promise<void> };

/** A node that does not have the receipts of a block yet when it is asked for them, and has them from then on. */
function withoutReceiptsAtFirst(): Interfere {
  const asked = new Set<string>();
  return async ({ method, params }, real) => {
    const block = String(params[0]);
    if (method !== 'eth_getBlockReceipts' || asked.has(block)) return await real();
    asked.add(block);
    return { result: [] };
  };
}

async function killTwice(service: string): Promise<void> {
  for (let time = 0; time < 2; time += 1) {
    await sleep(2_500);
    const { restarts } = partNamed(service);
    strike(service);
    await isBack(service, restarts + 1);
  }
}

function restarting(service: string) {
  return async (variables: Readonly<Record<string, string>> | null): Promise<void> => {
    const { restarts } = partNamed(service);
    override(service, variables);
    strike(service);
    await isBack(service, restarts + 1);
  };
}

/** What was written there on purpose is no finding of the look at the whole run. */
function forgetLog(name: string): void {
  const gateway = environment.services.find((service) => service.name === 'gateway');
  if (name === 'token_in_log') truncateSync(present(gateway, 'the gateway').logFile);
}
