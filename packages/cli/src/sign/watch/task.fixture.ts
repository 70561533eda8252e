import type { Task } from './find-tasks.ts';

/** A task of an address, under a name such as `a1`. */
export function taskOf(address: string, number: number): Task {
  const [walletId, chainId, since] = ['a wallet', 'eip155:31337', '2026-01-01T00:00:00Z'];
  const id = `${address}${number}`;
  return { id, kind: 'original', transactionId: id, walletId, address, chainId, since };
}
