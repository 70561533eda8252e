import type { People, Wallets } from './cast.ts';
import type { Play } from './step.ts';
import { approveAgain, approveOnce, refuseInitiator } from './steps/approve.ts';
import { compareBalances } from './steps/compare-balances.ts';
import { broadcast, confirm, include } from './steps/follow-transaction.ts';
import { foundTenant } from './steps/found-tenant.ts';
import { listAudit } from './steps/list-audit.ts';
import { proveEntry } from './steps/prove-entry.ts';
import { reachLimit } from './steps/reach-limit.ts';
import { receiveDeposit } from './steps/receive-deposit.ts';
import { refuseAltered } from './steps/refuse-altered.ts';
import { registerWallets } from './steps/register-wallets.ts';
import { setPolicy } from './steps/set-policy.ts';
import { signRequest } from './steps/sign-request.ts';
import { getStuck, speedUp } from './steps/speed-up.ts';
import { submitRequest } from './steps/submit-request.ts';
import { undoBlock } from './steps/undo-block.ts';

/** One payment, from the people who may ask for it to the log that proves it; and what becomes of others on bad days. */
export async function tellStory(play: Play): Promise<void> {
  const people = await play(foundTenant, null);
  const wallets = await play(registerWallets, { people });
  await play(receiveDeposit, { people, wallets });
  await play(setPolicy, { people });
  const request = await play(submitRequest, { people, wallets });
  await play(approveOnce, { people, request });
  await play(refuseInitiator, { people, request });
  await play(approveAgain, { people, request });
  await play(refuseAltered, { people, wallets, request });
  const signed = await play(signRequest, { people, wallets, request });
  const scene = { people, wallets, request, signed };
  await play(broadcast, scene);
  await play(include, scene);
  const confirmed = await play(confirm, scene);
  await play(compareBalances, { people, wallets, confirmed });
  await tellOfBadDays(play, { people, wallets });
  await play(listAudit, { people, request });
  await play(proveEntry, { people, request });
}

async function tellOfBadDays(
  play: Play,
  scene: { readonly people: People; readonly wallets: Wallets },
): Promise<void> {
  const stuck = await play(getStuck, scene);
  const confirmed = await play(speedUp, { ...scene, request: stuck });
  await play(undoBlock, { people: scene.people, confirmed });
  await play(reachLimit, scene);
}
