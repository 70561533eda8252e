import { truncateSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROUTES } from '@ironforge/contracts';
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
import { told } from '../oracle/violation.ts';
import { environment } from '../world/environment.ts';
import { reorgFrom } from '../world/node.ts';
import { NATIVE } from '../world/payment.ts';
import { present } from '../world/present.ts';
import { isBack, override, partNamed, strike } from './fleet.ts';
import { type Lines, openLines } from './lines.ts';
import { fileProof } from './proof.ts';
import { redTests } from './red-tests.ts';
import { deposit } from './rows/chain.ts';
import { shuffle } from './shuffle.ts';
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
  const wanted = 'invariant' in caughtBy ? caughtBy : { invariant: '', words: '' };
  const payers = await hirePayers();
  breakOnPurpose(payers.tenant.id);
  const restart = restarting(present(service, 'a service'));
  await restart({ ...lines.variables, ...testBuildEnv({ plant: name }) });
  const traffic = startTraffic(payers);
  try {
    await PROVOKED[name]?.(payers);
    const { invariant } = wanted;
    const seen = await waitUntil(`the oracle to name ${invariant}`, () => lasting(payers.tenant.id, wanted));
    fileProof({ bug: name, caughtBy: invariant, what: seen.what });
    expect(seen.what).not.toBe('');
  } finally {
    traffic.stop();
    for (const node of lines.nodes) node.heal();
    await restart(null);
    forgetLog(name);
  }
});

/** Some promises are kept a little later, as they are without any bug: a crash leaves messages that are claimed for 10 s. */
const KEPT_LATER_MS: Readonly<Record<string, number>> = { I7: 12_000, I9: 4_000 };

/** What is broken in these words, and is still so when it would have been kept by now. */
async function lasting(tenantId: string, { invariant, words }: { invariant: string; words: string }) {
  const look = async () => {
    const { violations } = await consult({ only: [tenantId] }, 0);
    return violations.filter((one) => one.invariant === invariant && one.what.includes(words));
  };
  const before = new Set((await look()).map(told));
  if (before.size === 0) return undefined;
  await sleep(KEPT_LATER_MS[invariant] ?? 0);
  return (await look()).find((one) => before.has(told(one)));
}

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
  version_not_awaited: shuffleOften,
  reorg_not_undone: async ({ wallets: [wallet], tenant }) => {
    const { id, address } = present(wallet, 'a wallet');
    await deposit(address);
    const height = await waitUntil('the deposit is seen', async () => {
      const query = { walletId: id, assetId: NATIVE };
      return (await tenant.operator.call(ROUTES.listDeposits, { query })).data[0]?.blockHeight;
    });
    await reorgFrom(height);
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

/** What comes the other way round is put right when it comes together: some of it has to come apart. */
async function shuffleOften(): Promise<void> {
  for (let time = 0; time < 6; time += 1) await shuffle('audit');
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
