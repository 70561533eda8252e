import { randomUUID } from 'node:crypto';
import { ROUTES, type RouteInput } from '@ironforge/contracts';
import { Transaction, type TransactionLike, type Wallet } from 'ethers';
import { refusalOf, replyOf } from './answers.fixture.ts';
import { installPolicy } from './policies.fixture.ts';
import type { NeighbourWallet } from './neighbours.fixture.ts';
import { NATIVE, PAYEE, type Person, type World } from './world.fixture.ts';

type CreateBody = NonNullable<RouteInput<(typeof ROUTES)['createTransaction']>['body']>;

export { refusalOf, replyOf };

/** A policy for everything, as the tenant's default. */
export async function setPolicy(world: World, effect: 'allow' | 'deny' | 'two of three') {
  const { ann, ben, eva } = world.people;
  const approvers = [ann, ben, eva].map(({ userId }) => userId);
  const groups = [{ name: 'treasury', approvers, required: 2 }];
  const rule =
    effect === 'two of three' ? ({ type: 'require_approvals', groups } as const) : { type: effect };
  const body = { name: effect, rules: [{ name: effect, when: {}, effect: rule }], isDefault: true };
  return await installPolicy(world, body);
}

/** The operator asks for a payment. */
export async function create(
  world: World,
  walletId: string,
  body: Partial<CreateBody> = {},
  person?: Person,
) {
  return await world.ask(person ?? world.people.operator, ROUTES.createTransaction, {
    body: { walletId, to: PAYEE, assetId: NATIVE, amount: '5', ...body },
    headers: { 'idempotency-key': randomUUID() },
  });
}

/** A request that is created and expected to be taken. */
export async function created(world: World, walletId: string, body: Partial<CreateBody> = {}) {
  return replyOf(await create(world, walletId, body));
}

/** One approver decides. */
export async function decide(
  world: World,
  person: Person,
  id: string,
  decision: 'approve' | 'reject' = 'approve',
) {
  const { intentHash } = await read(world, id);
  return await world.ask(person, ROUTES.decideTransaction, {
    params: { id },
    body: { decision, intentHash },
  });
}

/** A request as the API shows it. */
export async function read(world: World, id: string) {
  return replyOf(await world.ask(world.people.operator, ROUTES.getTransaction, { params: { id } }));
}

/** The signer asks for a payload. */
export async function askPayload(world: World, id: string, leaseSeconds = 600, url = world.url) {
  return await world.ask(
    world.people.signer,
    ROUTES.createSigningPayload,
    { params: { id }, body: { leaseSeconds } },
    url,
  );
}

/** A payload that is expected to be given. */
export async function payload(world: World, id: string, leaseSeconds = 600) {
  return replyOf(await askPayload(world, id, leaseSeconds));
}

type Payload = Awaited<ReturnType<typeof payload>>;
/** Signs a payload, or something else if fields are altered; types 0 and 1 pay by one gas price. */
export function sign(key: Wallet, { evm }: Payload, fields: TransactionLike<string> = {}): string {
  const offered = Transaction.from(evm.unsignedTransaction);
  const { to, value, data, nonce, chainId, gasLimit, maxFeePerGas, maxPriorityFeePerGas } = offered;
  const wish = { to, value, data, nonce, chainId, gasLimit };
  const fees =
    (fields.type ?? 2) < 2 ? { gasPrice: maxFeePerGas } : { type: 2, maxFeePerGas, maxPriorityFeePerGas };
  const transaction = Transaction.from({ ...wish, ...fees, ...fields });
  transaction.signature = key.signingKey.sign(transaction.unsignedHash);
  return transaction.serialized;
}

/** The signer hands bytes in. */
export async function submit(world: World, { transactionId, leaseId }: Payload, signedTransaction: string) {
  return await world.ask(world.people.signer, ROUTES.submitSignature, {
    params: { id: transactionId },
    body: { leaseId, signedTransaction },
  });
}

/** A request that was signed and sent, with its signed bytes. */
export async function signedRequest(world: World, wallet: NeighbourWallet & { key: Wallet }) {
  const { id } = await created(world, wallet.id);
  const offer = await payload(world, id);
  const bytes = sign(wallet.key, offer);
  const shown = replyOf(await submit(world, offer, bytes));
  return { id, offer, bytes, shown, txHash: Transaction.from(bytes).hash ?? '' };
}
