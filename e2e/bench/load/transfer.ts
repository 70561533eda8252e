import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Transaction } from 'ethers';
import { z } from 'zod';
import type { Answer, Client } from './client.ts';
import type { Crew, Payer } from './crew.ts';

/** A transfer that was accepted, signed and handed in. */
export interface Taken {
  readonly id: string;
  readonly payer: Payer;
  readonly to: string;
  readonly assetId: string;
  /** From the wish to the answer that it is recorded. */
  readonly acceptMs: number;
  readonly acceptedAt: number;
}

/** A status that was not expected, with what the answer said. */
export class Refused extends Error {
  constructor(path: string, { status, body }: Answer) {
    super(`${path}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
  }
}

const Created = z.object({ id: z.string(), intentHash: z.string() });
const Payload = z.object({ leaseId: z.string(), evm: z.object({ unsignedTransaction: z.string() }) });

/** The base units that each transfer moves. */
export const AMOUNT = '1000';

/** Takes one transfer through all that people and signers do; throws `Refused` when an answer says no. */
export async function transfer(crew: Crew, payer: Payer, assetId: string): Promise<Taken> {
  const { operator, approvers, signer, profile } = crew;
  const body = wishOf(payer, assetId, profile === 'P');
  const created = await patiently(operator, '/v1/transactions', body);
  const { id, intentHash } = Created.parse(must('/v1/transactions', created));
  const acceptedAt = performance.now();
  if (profile === 'F') {
    await post(operator, `/v1/transactions/${id}/submit`, {});
    for (const approver of approvers)
      await post(approver, `/v1/transactions/${id}/approvals`, { decision: 'approve', intentHash });
  }
  await sign(signer, id, payer);
  return { id, payer, to: body.to, assetId, acceptMs: created.ms, acceptedAt };
}

/** The body that asks for a payment to an address of its own. */
export function wishOf(payer: Pick<Payer, 'id'>, assetId: string, submit: boolean) {
  const to = `0x${randomBytes(20).toString('hex')}`;
  return { walletId: payer.id, to, assetId, amount: AMOUNT, submit };
}

/** Under a new idempotency key. */
export function freshKey(): Readonly<Record<string, string>> {
  return { 'idempotency-key': randomUUID() };
}

async function sign(signer: Client, id: string, payer: Payer): Promise<void> {
  const offered = await post(signer, `/v1/transactions/${id}/signing-payload`, {});
  const { leaseId, evm } = Payload.parse(offered);
  const transaction = Transaction.from(evm.unsignedTransaction);
  transaction.signature = payer.key.sign(transaction.unsignedHash);
  const signedTransaction = transaction.serialized;
  await post(signer, `/v1/transactions/${id}/signature`, { leaseId, signedTransaction });
}

async function post(client: Client, path: string, body: object): Promise<unknown> {
  return must(path, await patiently(client, path, body));
}

const PATIENCE_MS = 120_000;
const PAUSE_MS = 100;

/** As a patient client does: the very same call again after a lost connection, a 429 or a 5xx. */
async function patiently(client: Client, path: string, body: object): Promise<Answer> {
  const key = freshKey();
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await client.send('POST', path, body, key).catch(lost);
    const isPassing = answer.status === 429 || answer.status >= 500 || isInProgress(answer);
    if (!isPassing || performance.now() > deadline) return answer;
    await sleep(PAUSE_MS);
  }
}

function lost(error: unknown): Answer {
  return { status: 599, body: String(error), ms: 0 };
}

function isInProgress({ status, body }: Answer): boolean {
  return status === 409 && JSON.stringify(body).includes('request_in_progress');
}

function must(path: string, answer: Answer): unknown {
  if (answer.status >= 300) throw new Refused(path, answer);
  return answer.body;
}
