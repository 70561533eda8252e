import type { Interfere } from '@ironforge/testing';
import { z } from 'zod';
import { rewritten } from './rewritten.ts';

/** What succeeded has failed. */
export const lieAboutStatus: Interfere = async (_call, real) =>
  rewritten(await real(), (text) => text.replaceAll('"status":"0x1"', '"status":"0x0"'));

const Receipts = z.looseObject({
  result: z.array(z.looseObject({ status: z.string(), blockNumber: z.string() })),
});

/** What succeeded in a block above this height has failed. */
export function lieAboutStatusAbove(height: number): Interfere {
  return async (_call, real) => {
    const answer = await real();
    const { data } = Receipts.safeParse(answer);
    if (data === undefined) return answer;
    const told = data.result.map((one) =>
      Number(one.blockNumber) > height ? { ...one, status: '0x0' } : one,
    );
    return { ...answer, result: told };
  };
}

/** No receipt is there. */
export const forgetReceipts: Interfere = async ({ method }, real) =>
  /Receipt/.test(method) ? { result: null } : await real();

/** Bytes are taken and refused. */
export const refuseBytes: Interfere = async ({ method }, real) => {
  const answer = await real();
  return method === 'eth_sendRawTransaction' ? { error: { code: -32000, message: 'nonce too low' } } : answer;
};

const IS_BLOCK = /^eth_getBlockBy/;
const Told = z.looseObject({
  result: z.looseObject({ hash: z.string(), parentHash: z.string() }).nullable(),
});

/** Blocks stand on others than they do: on those that the lie about hashes makes up, so that two lies in a row are a chain. */
export const lieAboutParent: Interfere = async ({ method }, real) => {
  const answer = await real();
  const { data } = Told.safeParse(answer);
  if (!IS_BLOCK.test(method) || !data?.result) return answer;
  return { ...answer, result: { ...data.result, parentHash: anotherHash(data.result.parentHash) } };
};

/** Blocks, and whatever names the block it is in, have other hashes. */
export const lieAboutHash: Interfere = async ({ method }, real) => {
  const answer = rewritten(await real(), (text) =>
    text.replaceAll(
      /"blockHash":"(0x[0-9a-f]{64})"/g,
      (_, hash: string) => `"blockHash":"${anotherHash(hash)}"`,
    ),
  );
  const { data } = Told.safeParse(answer);
  if (!IS_BLOCK.test(method) || !data?.result) return answer;
  return { ...answer, result: { ...data.result, hash: anotherHash(data.result.hash) } };
};

/** Blocks have other hashes, and stand on others that have them: a chain that nobody else knows. */
export const lieAboutChain: Interfere = (call, real) =>
  lieAboutParent(call, async () => await lieAboutHash(call, real));

/** Nothing happened in any block. */
export const leaveOut: Interfere = async ({ method }, real) => {
  const answer = await real();
  if (method === 'eth_getBlockReceipts') return { ...answer, result: [] };
  const { data } = Told.safeParse(answer);
  return IS_BLOCK.test(method) && data?.result
    ? { ...answer, result: { ...data.result, transactions: [] } }
    : answer;
};

/** Everybody has spent one nonce more than he has. */
export const lieAboutCount: Interfere = async ({ method }, real) => {
  const answer = await real();
  const { result } = answer;
  if (method !== 'eth_getTransactionCount' || typeof result !== 'string') return answer;
  return { ...answer, result: `0x${(BigInt(result) + 1n).toString(16)}` };
};

function anotherHash(hash: string): string {
  return `${hash.slice(0, -1)}${hash.endsWith('0') ? '1' : '0'}`;
}
