import { z } from 'zod';
import { chainId, hash32, hexBytes, uuid, wholeNumber } from './scalars.ts';

/** Every command with the schema of its data; the queue is `<command>.<chain family>`, for example `tx_broadcast.evm`. */
export const COMMANDS = {
  /** Send these signed bytes, repeatably; answered by `chain.tx_accepted` or `chain.tx_refused`, and `chain.tx_observed`. */
  tx_broadcast: z.object({
    requestId: uuid,
    attemptId: uuid,
    chainId,
    address: z.string(),
    nonce: wholeNumber,
    raw: hexBytes,
    txHash: hash32,
  }),
  /**
   * Read this wallet's balances again, at this height or later, all of them or those of these assets alone; answered by
   * `wallet.balance_observed`.
   */
  balance_update: z.object({
    walletId: uuid,
    chainId,
    address: z.string(),
    minHeight: wholeNumber,
    assetIds: z.array(z.string()).optional(),
  }),
} as const;

/** Every queue of commands: what it carries, who sends it, who carries it out. */
export const COMMAND_QUEUES = {
  'tx_broadcast.evm': { command: 'tx_broadcast', senders: ['tx-orchestrator'], receiver: 'chain-watcher' },
  'balance_update.evm': {
    command: 'balance_update',
    senders: ['wallet-registry', 'chain-watcher'],
    receiver: 'chain-watcher',
  },
} as const;

export type CommandType = keyof typeof COMMANDS;
export type CommandData<T extends CommandType> = z.infer<(typeof COMMANDS)[T]>;
