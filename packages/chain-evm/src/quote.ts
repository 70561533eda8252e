import type { CallFailure, ChainConfig, ChainFailure, Quote, QuoteRequest } from '@ironforge/chain-core';
import { present } from '@ironforge/kernel';
import { parseAssetId } from './asset-id.ts';
import { balanceCall, readBalance } from './balances.ts';
import { readHead } from './block.ts';
import { callOf, type EvmCall, TRANSACTION_GAS } from './call.ts';
import { feeCalls, readFees } from './fees.ts';
import { quantityAt, quantityOf, recordOf, toQuantity } from './json-reader.ts';
import { translateNodeError } from './node-errors.ts';
import { revertReason } from './revert-reason.ts';
import type { RpcCall } from './rpc-client.ts';
import { type RpcPool, type RpcReply, resultOf } from './rpc-pool.ts';

/** When the node would not estimate: more than any usual token transfer takes. */
const CAUTIOUS_GAS = { native: 100_000n, erc20: 150_000n };
const MARGIN_PERCENT = 125n;

/** Fees, gas limit, mined count, funds, and what a trial says about one transfer, in one round trip. Throws `dependency_down`. */
export async function quote(config: ChainConfig, pool: RpcPool, request: QuoteRequest): Promise<Quote> {
  const replies = await pool.ask(callsFor(config, request));
  const [block, estimate, trial, count, native, asset, ...fees] = replies;
  const refusal = refusalOf(present(estimate, 'the estimate'));
  const head = recordOf(resultOf(block), 'the latest block');
  const nativeBalance = quantityOf(resultOf(native), 'eth_getBalance');
  const assetBalance = readBalance(assetCall(config, request), asset);
  return {
    head: readHead(head),
    fees: readFees(config, fees),
    minedCount: Number(quantityOf(resultOf(count), 'eth_getTransactionCount')),
    nativeBalance,
    assetBalance,
    failure: failureOf(config, request, present(trial, 'the trial')),
    ...(refusal === null
      ? {
          gasLimit: withMargin(
            quantityOf(resultOf(estimate), 'eth_estimateGas'),
            quantityAt(head, 'gasLimit'),
          ),
          refused: null,
        }
      : { gasLimit: cautiousGas(config, request), refused: refusal }),
  };
}

function callsFor(config: ChainConfig, request: QuoteRequest): RpcCall[] {
  const latest = 'latest';
  const call = callObject(request.from, callOf(config, request));
  return [
    { method: 'eth_getBlockByNumber', params: [latest, false] },
    { method: 'eth_estimateGas', params: [call] },
    { method: 'eth_call', params: [call, latest] },
    { method: 'eth_getTransactionCount', params: [request.from, latest] },
    { method: 'eth_getBalance', params: [request.from, latest] },
    assetCall(config, request),
    ...feeCalls(config),
  ];
}

function assetCall(config: ChainConfig, { from, assetId }: QuoteRequest): RpcCall {
  return balanceCall(config, { address: from, assetId }, 'latest');
}

function callObject(from: string, { to, value, data }: EvmCall) {
  return { from, to, value: toQuantity(value), data };
}

/** A plain transfer takes exactly 21,000 gas; anything that runs code may take more by the time it is mined. */
function withMargin(estimate: bigint, blockGasLimit: bigint): bigint {
  if (estimate <= TRANSACTION_GAS) return TRANSACTION_GAS;
  const margined = (estimate * MARGIN_PERCENT) / 100n;
  return margined < blockGasLimit ? margined : blockGasLimit;
}

function cautiousGas(config: ChainConfig, { assetId }: QuoteRequest): bigint {
  return CAUTIOUS_GAS[parseAssetId(config, assetId)?.kind ?? 'native'];
}

/** Why the node would not estimate: whatever else it is, the call fails as things stand. */
function refusalOf(reply: RpcReply): ChainFailure | null {
  if ('result' in reply) return null;
  const failure = translateNodeError(reply.error);
  return failure.reason === 'refused' ? { ...failure, reason: 'reverted' } : failure;
}

/** A token that answers false moved nothing, although the call succeeds (EIP-20: callers must handle it). */
function failureOf(config: ChainConfig, { assetId }: QuoteRequest, trial: RpcReply): CallFailure | null {
  if ('error' in trial) return revertReason(trial.error);
  const isToken = parseAssetId(config, assetId)?.kind === 'erc20';
  const isFalse = isToken && trial.result === FALSE;
  return isFalse ? { kind: 'returned_false', text: 'the token answers false: it would move nothing' } : null;
}

const FALSE = `0x${'0'.repeat(64)}`;
