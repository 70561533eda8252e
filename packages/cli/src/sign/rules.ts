import { readFileSync } from 'node:fs';
import { parseAddress } from '@ironforge/chain-evm';
import { parseUnits } from '@ironforge/kernel';
import { z } from 'zod';
import { hasSystemCode } from '../json-file.ts';
import { trouble } from '../trouble.ts';
import { type Approved, objectionToSignatures } from './approval-signatures.ts';
import { movesNothing, type SigningPayload, type TaskKind } from './objection.ts';

const units = textAs(parseUnits, 'must be a whole number of base units, as text');
const address = textAs((text) => {
  const parsed = parseAddress(text);
  return 'address' in parsed ? parsed.address : null;
}, 'must be an address');

const lowerCase = <Value extends z.ZodType>(value: Value) => z.record(z.string().toLowerCase(), value);

const schema = z.strictObject({
  kinds: z.array(z.enum(['original', 'speed_up', 'cancel', 'gap_fill'])),
  chains: lowerCase(z.strictObject({ maxFee: units })),
  assets: lowerCase(z.strictObject({ maxAmount: units })),
  destinations: z.array(address),
  approvals: z
    .strictObject({ addresses: z.array(address).min(1), required: z.int().min(1) })
    .refine(({ addresses, required }) => new Set(addresses).size >= required, {
      error: 'must name as many addresses as are required',
    })
    .optional(),
});

/**
 * What a signer signs by his own rules, whatever people approved elsewhere: all that is named here, and nothing else. With
 * `approvals` nothing but signatures of these addresses shows him that people approved.
 */
export type Rules = z.output<typeof schema>;

/** What rules look at: an intent as it is to be carried out, and as what. */
export interface Wish {
  readonly kind: TaskKind;
  /** What people approved by their own signatures; looked at where the rules name addresses. */
  readonly approved: Approved;
  readonly intent: Pick<
    SigningPayload['intent'],
    'chainId' | 'assetId' | 'amount' | 'to' | 'data' | 'feeCeiling'
  >;
}

/** Reads a rules file. Throws `usage` with every place that it does not understand. */
export function readRules(file: string): Rules {
  const parsed = schema.safeParse(jsonIn(file));
  if (parsed.success) return parsed.data;
  const places = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the file'}: ${message}`,
  );
  throw trouble('usage', `${file} is no rules file: ${places.join('; ')}`);
}

/** Why the rules do not allow it, as a sentence; null when they do. */
export function refusalBy(rules: Rules, wish: Wish): string | null {
  const { kind, intent } = wish;
  if (!rules.kinds.includes(kind)) return `The rules name no kind ${kind}.`;
  const chain = rules.chains[intent.chainId.toLowerCase()];
  if (chain === undefined) return `The rules name no chain ${intent.chainId}.`;
  if (isAbove(intent.feeCeiling, chain.maxFee))
    return `The fee may reach ${intent.feeCeiling}, above the rules' ${chain.maxFee}.`;
  if (movesNothing(kind)) return null;
  const refusal = refusalOfMove(rules, intent);
  return refusal ?? (rules.approvals ? objectionToSignatures(rules.approvals, wish.approved) : null);
}

function refusalOfMove({ assets, destinations }: Rules, intent: Wish['intent']): string | null {
  if (intent.data !== undefined) return 'The rules allow no contract call.';
  const asset = assets[intent.assetId.toLowerCase()];
  if (asset === undefined) return `The rules name no asset ${intent.assetId}.`;
  if (isAbove(intent.amount, asset.maxAmount))
    return `The amount of ${intent.amount} is above the rules' ${asset.maxAmount}.`;
  return destinations.includes(intent.to) ? null : `The rules name no destination ${intent.to}.`;
}

function isAbove(amount: string, max: bigint): boolean {
  return BigInt(amount) > max;
}

function textAs<Value>(read: (text: string) => Value | null, message: string) {
  return z.string().transform((text, context) => {
    const value = read(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

function jsonIn(file: string): unknown {
  try {
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return json;
  } catch (error) {
    const isMissing = hasSystemCode(error, 'ENOENT');
    throw trouble('usage', isMissing ? `There is no file ${file}` : `${file} cannot be read as JSON`, error);
  }
}
