import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { RegistryDeps } from '../deps.ts';
import { takeUnwatched } from '../queries/unwatched-wallets.ts';
import { walletEvent } from './wallet-event.ts';

type AskingDeps = RegistryDeps & { readonly log: Logger };

const INTERVAL_MS = 5_000;
const CAUSE: Cause = { actor: { type: 'service', id: 'wallet-registry' } };

/**
 * Asks the watcher again for wallets that are not active yet after ten minutes: its answer, or what it was told of them, may be
 * lost with a broker. Disposing waits for what is in hand.
 */
export function startAskingToWatch(deps: AskingDeps): AsyncDisposable {
  const stop = new AbortController();
  const done = askUntil(stop.signal, deps);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };
}

async function askUntil(stop: AbortSignal, deps: AskingDeps): Promise<void> {
  while (!stop.aborted) {
    await ask(deps);
    await sleep(INTERVAL_MS, undefined, { signal: stop }).catch(() => {});
  }
}

async function ask({ store, outbox, events, log }: AskingDeps): Promise<void> {
  try {
    await store.system('wallet_sweeper').transaction(
      async (tx) => {
        const wallets = await takeUnwatched(tx);
        const asked = wallets.map((wallet) =>
          walletEvent(events, 'wallet.watch_asked', { wallet, cause: CAUSE }),
        );
        outbox.add(tx, asked);
      },
      { isolation: 'read committed' },
    );
  } catch (error) {
    log.warn({ err: error }, 'wallets that wait for the watcher could not be looked for; tried again');
  }
}
