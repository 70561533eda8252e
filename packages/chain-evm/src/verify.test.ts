import type { ChainConfig, SignedField, TransferIntent } from '@ironforge/chain-core';
import { branded } from '@ironforge/kernel';
import { decodeRlp, encodeRlp, SigningKey, toBeHex, Transaction, type TransactionLike, Wallet } from 'ethers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEvmCodec } from './codec.ts';
import { transactionOf } from './unsigned.ts';

const london: ChainConfig = {
  chainId: branded('eip155:31337'),
  name: 'local',
  kind: 'evm',
  rpcUrls: [],
  nativeAssetId: branded('eip155:31337/slip44:60'),
  nativeSymbol: 'ETH',
  decimals: 18,
  confirmations: 2,
  finality: { kind: 'depth', depth: 32 },
  blockTimeMs: 1_000,
  feeModel: 'eip1559',
};
const legacy: ChainConfig = { ...london, feeModel: 'legacy' };

const owner = new Wallet(`0x${'11'.repeat(32)}`);
const stranger = new Wallet(`0x${'22'.repeat(32)}`);
const token = 'eip155:31337/erc20:0x5FbDB2315678afecb367f032d93F642f64180aa3';
const recipient = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const ceiling = 10n ** 18n;
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

const hex = (maxLength: number) =>
  fc.uint8Array({ maxLength }).map((bytes) => `0x${Buffer.from(bytes).toString('hex')}`);
const amounts = fc.bigInt({ min: 0n, max: 2n ** 200n }).map(String);
const native = fc.record({ amount: amounts, data: hex(80) }).map((part) => intentOf({ ...part }));
const tokens = amounts.map((amount) => intentOf({ amount, assetId: token }));
const intents = fc.oneof(native, tokens);
const bindings = fc.record({
  nonce: fc.nat(2 ** 31),
  gasLimit: fc.bigInt({ min: 21_000n, max: 30_000_000n }),
  maxFeePerGas: fc.bigInt({ min: 2n, max: 10n ** 10n }),
  maxPriorityFeePerGas: fc.bigInt({ min: 1n, max: 2n }),
});
const chains = fc.constantFrom(london, legacy);

function intentOf(part: Partial<TransferIntent>): TransferIntent {
  return {
    chainId: london.chainId,
    from: owner.address,
    to: recipient,
    assetId: london.nativeAssetId,
    amount: '1',
    feeCeiling: ceiling.toString(),
    ...part,
  };
}

function sign(transaction: Transaction, key = owner.signingKey): string {
  const copy = transaction.clone();
  copy.signature = key.sign(copy.unsignedHash);
  return copy.serialized;
}

describe('verifyAgainst', () => {
  it('accepts what was built from the intent and signed by its wallet, on both kinds of chain', () => {
    fc.assert(
      fc.property(chains, intents, bindings, (config, intent, binding) => {
        const codec = createEvmCodec(config);
        const { unsignedTransaction, type } = codec.buildUnsigned(intent, binding);
        const bytes = sign(Transaction.from(unsignedTransaction));
        const verdict = codec.verifyAgainst(intent, { nonce: binding.nonce }, bytes);
        expect(verdict).toMatchObject({
          accepted: {
            hash: Transaction.from(bytes).hash,
            from: owner.address,
            type,
            gasLimit: binding.gasLimit,
          },
        });
      }),
    );
  });

  const mutations: [string, SignedField, ChainConfig[], (tx: Transaction) => TransactionLike<string>][] = [
    ['another recipient', 'to', [london, legacy], () => ({ to: stranger.address })],
    ['a contract creation', 'to', [london, legacy], () => ({ to: null })],
    ['one wei more', 'value', [london, legacy], (tx) => ({ value: tx.value + 1n })],
    ['a byte more of call data', 'data', [london, legacy], (tx) => ({ data: `${tx.data}00` })],
    ['the next nonce', 'nonce', [london, legacy], (tx) => ({ nonce: tx.nonce + 1 })],
    ['another chain', 'chainId', [london, legacy], () => ({ chainId: 1n })],
    ['no chain at all', 'chainId', [legacy], () => ({ chainId: 0n })],
    ['a fee above the ceiling', 'fee', [london], () => ({ maxFeePerGas: ceiling })],
    ['a gas price above the ceiling', 'fee', [legacy], () => ({ gasPrice: ceiling })],
    [
      'so much gas that it costs more than the ceiling',
      'fee',
      [london, legacy],
      () => ({ gasLimit: ceiling }),
    ],
    ['less gas than any transaction takes', 'fee', [london, legacy], () => ({ gasLimit: 20_999n })],
    ['an access list', 'type', [london], () => ({ accessList: [{ address: recipient, storageKeys: [] }] })],
    ['type 1', 'type', [london], (tx) => ({ type: 1, gasPrice: tx.maxFeePerGas })],
    ['type 0 on a chain with base fees', 'type', [london], (tx) => ({ type: 0, gasPrice: tx.maxFeePerGas })],
    ['type 2 on a chain without', 'type', [legacy], (tx) => ({ type: 2, maxFeePerGas: tx.gasPrice })],
    ['a blob', 'type', [london], () => blob],
    ['an authorization', 'type', [london], () => authorization],
  ];

  it.each(mutations)('names the field when the signer changed: %s', (_what, field, configs, mutate) => {
    fc.assert(
      fc.property(fc.constantFrom(...configs), intents, bindings, (config, intent, binding) => {
        const right = transactionOf(config, intent, binding);
        const bytes = sign(Transaction.from(changed(right, mutate(right))));
        const verdict = createEvmCodec(config).verifyAgainst(intent, { nonce: binding.nonce }, bytes);
        expect(verdict).toEqual({ differs: [field] });
      }),
      { numRuns: 30 },
    );
  });

  it('names from when somebody else signed', () => {
    fc.assert(
      fc.property(chains, intents, bindings, (config, intent, binding) => {
        const bytes = sign(transactionOf(config, intent, binding), stranger.signingKey);
        expect(createEvmCodec(config).verifyAgainst(intent, binding, bytes)).toEqual({ differs: ['from'] });
      }),
    );
  });

  it('refuses the malleable twin of a signature (EIP-2), under which the hash would be another', () => {
    fc.assert(
      fc.property(chains, intents, bindings, (config, intent, binding) => {
        const twin = highS(sign(transactionOf(config, intent, binding)));
        expect(createEvmCodec(config).verifyAgainst(intent, binding, twin)).toEqual({ differs: ['from'] });
      }),
    );
  });

  it('accepts no bytes with any one bit changed', () => {
    const flips = fc.tuple(fc.nat(), fc.nat(7));
    fc.assert(
      fc.property(chains, intents, bindings, flips, (config, intent, binding, [place, bit]) => {
        const bytes = Buffer.from(sign(transactionOf(config, intent, binding)).slice(2), 'hex');
        const at = place % bytes.length;
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        const verdict = createEvmCodec(config).verifyAgainst(intent, binding, `0x${bytes.toString('hex')}`);
        expect(verdict).not.toHaveProperty('accepted');
      }),
      { numRuns: 200 },
    );
  });

  it('accepts no second way to write the same transaction', () => {
    fc.assert(
      fc.property(chains, intents, bindings, (config, intent, binding) => {
        const bytes = sign(transactionOf(config, intent, binding));
        for (const other of otherEncodings(bytes)) {
          const verdict = createEvmCodec(config).verifyAgainst(intent, binding, other);
          expect(verdict).not.toHaveProperty('accepted');
        }
      }),
      { numRuns: 50 },
    );
  });

  it.each(['', '0x', '0x0', 'ff', '0xzz', `0x02${'00'.repeat(10)}`, '0xc0'])(
    'finds nothing to accept in %j',
    (bytes) => {
      const verdict = createEvmCodec(london).verifyAgainst(intentOf({}), { nonce: 0 }, bytes);
      expect(verdict).not.toHaveProperty('accepted');
    },
  );

  it('has no part in an intent for another chain, whoever asks', () => {
    const codec = createEvmCodec(london);
    const elsewhere = intentOf({ chainId: 'eip155:1' });
    const binding = { nonce: 0, gasLimit: 21_000n, maxFeePerGas: 2n, maxPriorityFeePerGas: 1n };
    const bytes = sign(transactionOf(london, intentOf({}), binding));
    expect(() => codec.buildUnsigned(elsewhere, binding)).toThrow('for this chain');
    expect(() => codec.verifyAgainst(elsewhere, binding, bytes)).toThrow('for this chain');
  });

  it('says of an unsigned payload that it is not signed', () => {
    const codec = createEvmCodec(london);
    const binding = { nonce: 0, gasLimit: 21_000n, maxFeePerGas: 2n, maxPriorityFeePerGas: 1n };
    const { unsignedTransaction } = codec.buildUnsigned(intentOf({}), binding);
    expect(codec.verifyAgainst(intentOf({}), binding, unsignedTransaction)).toEqual({
      malformed: 'not signed',
    });
  });
});

const blob: TransactionLike<string> = {
  type: 3,
  maxFeePerBlobGas: 1n,
  blobVersionedHashes: [`0x01${'00'.repeat(31)}`],
};
const authorization: TransactionLike<string> = {
  type: 4,
  authorizationList: [
    {
      address: recipient,
      chainId: 31337n,
      nonce: 0n,
      signature: new SigningKey(`0x${'33'.repeat(32)}`).sign(`0x${'00'.repeat(32)}`),
    },
  ],
};

/** The fields of a transaction with some of them changed; a change of type drops the other types' fee fields. */
function changed(right: Transaction, change: TransactionLike<string>): TransactionLike<string> {
  const { to, value, data, nonce, chainId, gasLimit } = right;
  const type = change.type ?? right.type ?? 0;
  const fees =
    type >= 2
      ? { maxFeePerGas: right.maxFeePerGas ?? 2n, maxPriorityFeePerGas: right.maxPriorityFeePerGas ?? 1n }
      : { gasPrice: right.gasPrice ?? 2n };
  return { to, value, data, nonce, chainId, gasLimit, ...fees, ...change, type };
}

/** The same transaction under its other signature, s' = n - s with flipped parity, written by RLP since ethers will not. */
function highS(bytes: string): string {
  const typed = bytes.startsWith('0x02');
  const fields = decodeRlp(typed ? `0x${bytes.slice(4)}` : bytes);
  if (!Array.isArray(fields)) throw new Error('a transaction is a list');
  const [v, r, s] = fields.slice(-3).map((field) => BigInt(field.toString() === '0x' ? 0 : field.toString()));
  const flipped = typed ? 1n - (v ?? 0n) : otherParity(v ?? 0n);
  const twin = [flipped, r ?? 0n, order - (s ?? 0n)].map((value) => toBeHex(value).replace('0x00', '0x'));
  const list = encodeRlp([...fields.slice(0, -3), ...twin]);
  return typed ? `0x02${list.slice(2)}` : list;
}

/** Bytes behind the end, the list's length written longer than needed, and a zero before each of its texts. */
function otherEncodings(bytes: string): string[] {
  const typed = bytes.startsWith('0x02') ? '0x02' : '0x';
  const list = `0x${bytes.slice(typed.length)}`;
  const fields = decodeRlp(list);
  if (!Array.isArray(fields)) throw new Error('a transaction is a list');
  const padded = fields.flatMap((field, index) =>
    typeof field === 'string' ? [fields.with(index, `0x00${field.slice(2)}`)] : [],
  );
  return [`${bytes}00`, typed + longer(list), ...padded.map((one) => typed + encodeRlp(one).slice(2))];
}

/** RLP says a list of up to 55 bytes by one byte, a longer one by 0xf7 + how many bytes its length takes. */
function longer(list: string): string {
  const first = Number.parseInt(list.slice(2, 4), 16);
  if (first <= 0xf7) return `f8${(first - 0xc0).toString(16).padStart(2, '0')}${list.slice(4)}`;
  return `${(first + 1).toString(16)}00${list.slice(4)}`;
}

/** EIP-155: v is 35 or 36 more than twice the chain id. */
function otherParity(v: bigint): bigint {
  return v % 2n === 0n ? v - 1n : v + 1n;
}
