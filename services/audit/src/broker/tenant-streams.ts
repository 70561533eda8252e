import { randomBytes } from 'node:crypto';
import { appError } from '@ironforge/contracts';
import type { AppError, TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Store, Tx } from '@ironforge/store';
import type { OwnEntries } from '../entry/own-entries.ts';
import type { OwnType } from '../entry/own-kinds.ts';
import {
  changeBrokerStream,
  deleteBrokerStream,
  findBrokerStream,
  insertBrokerStream,
  lockBrokerStream,
} from '../queries/audit-broker-streams.ts';
import {
  deleteFollower,
  findFollowedTo,
  insertFollower,
  restartFollower,
} from '../queries/audit-followers.ts';
import { STREAM_FOLLOWER } from './publish-stream.ts';
import { type StreamAdmin, streamName } from './stream-admin.ts';

/** What the streams of tenants stand on. */
export interface TenantStreamsDeps {
  readonly store: Store;
  readonly own: OwnEntries;
  /** Null where the installation cannot make streams. */
  readonly admin: StreamAdmin | null;
  /** Where readers reach the broker, without user and password. */
  readonly amqpUrl: string;
  /** Told after the commit that a stream came or went. */
  readonly onChanged: () => void;
}

/** A stream as its tenant sees it; the password is told once. */
export interface ShownStream {
  readonly amqpUrl: string;
  readonly queue: string;
  readonly user: string;
  readonly password: string | null;
  readonly maxAgeDays: number;
  /** So many entries are in it, or were. */
  readonly publishedUpTo: number;
}

/** Who wants something done to which tenant's stream. */
export interface StreamWish {
  readonly tenantId: TenantId;
  readonly cause: Cause;
}

/**
 * The streams that tenants ask for. The entry of an act is made first, so that nothing is done of which none can tell; then it is noted and
 * done in the broker behind the lock of the stream's row, and committed once the broker has done it. All of it can be done again.
 */
export interface TenantStreams {
  readonly find: (tenantId: TenantId) => Promise<ShownStream | AppError>;
  readonly put: (wish: StreamWish, maxAgeDays: number) => Promise<ShownStream | AppError>;
  readonly rotate: (wish: StreamWish) => Promise<ShownStream | AppError>;
  readonly remove: (wish: StreamWish) => Promise<null | AppError>;
}

/** Makes them. Each act is an entry, stored with what it notes. */
export function createTenantStreams(deps: TenantStreamsDeps): TenantStreams {
  const withAdmin = <T>(work: (admin: StreamAdmin) => Promise<T>) =>
    deps.admin === null ? Promise.resolve(appError('broker_streams_off')) : work(deps.admin);
  return {
    find: (tenantId) => find(deps, tenantId),
    put: (wish, maxAgeDays) => withAdmin((admin) => put(deps, admin, { ...wish, maxAgeDays })),
    rotate: (wish) => withAdmin((admin) => rotate(deps, admin, wish)),
    remove: (wish) => withAdmin((admin) => remove(deps, admin, wish)),
  };
}

async function find(
  { store, amqpUrl }: TenantStreamsDeps,
  tenantId: TenantId,
): Promise<ShownStream | AppError> {
  const [stream, sequence = 0n] = await store
    .forTenant(tenantId)
    .read((tx) =>
      Promise.all([findBrokerStream(tx, tenantId), findFollowedTo(tx, tenantId, STREAM_FOLLOWER)]),
    );
  if (stream === undefined) return noStream();
  const name = streamName(tenantId);
  const { max_age_days: maxAgeDays } = stream;
  return { amqpUrl, queue: name, user: name, password: null, maxAgeDays, publishedUpTo: Number(sequence) };
}

/** Acts of one tenant come one after the other: each begins at the row of its stream, and asks the broker behind its lock (ADR 0054). */
const READ_COMMITTED = { isolation: 'read committed' } as const;

async function put(
  deps: TenantStreamsDeps,
  admin: StreamAdmin,
  wish: StreamWish & { readonly maxAgeDays: number },
): Promise<ShownStream | AppError> {
  const { tenantId, maxAgeDays } = wish;
  const isNew = 'code' in (await find(deps, tenantId));
  const password = isNew ? newPassword() : null;
  const type = isNew ? 'audit_stream_opened' : 'audit_stream_changed';
  const entry = await act(deps, wish, { type, maxAgeDays });
  const isPut = await deps.store.forTenant(tenantId).transaction(async (tx) => {
    if (!(await takeRow(tx, wish, isNew))) return false;
    await deps.own.store(tx, entry);
    if (await admin.putStream(tenantId, maxAgeDays)) await restartFollower(tx, tenantId, STREAM_FOLLOWER);
    if (password !== null) await admin.putReader(tenantId, password);
    tx.afterCommit(deps.onChanged);
    return true;
  }, READ_COMMITTED);
  return isPut ? withPassword(await find(deps, tenantId), password) : await put(deps, admin, wish);
}

type RowWish = Pick<StreamWish, 'tenantId'> & { readonly maxAgeDays: number };

/** Makes the row or locks it; false when somebody else made or removed it since it was looked for. */
async function takeRow(tx: Tx, { tenantId, maxAgeDays }: RowWish, isNew: boolean): Promise<boolean> {
  if (!isNew) return await changeBrokerStream(tx, tenantId, maxAgeDays);
  const isMade = await insertBrokerStream(tx, tenantId, maxAgeDays);
  if (isMade) await insertFollower(tx, tenantId, STREAM_FOLLOWER);
  return isMade;
}

async function rotate(
  deps: TenantStreamsDeps,
  admin: StreamAdmin,
  wish: StreamWish,
): Promise<ShownStream | AppError> {
  const { tenantId } = wish;
  const found = await find(deps, tenantId);
  if ('code' in found) return found;
  const password = newPassword();
  const entry = await act(deps, wish, { type: 'audit_stream_credentials_rotated' });
  return await deps.store.forTenant(tenantId).transaction(async (tx) => {
    if (!(await lockBrokerStream(tx, tenantId))) return noStream();
    await deps.own.store(tx, entry);
    await admin.putReader(tenantId, password);
    return withPassword(found, password);
  }, READ_COMMITTED);
}

async function remove(
  deps: TenantStreamsDeps,
  admin: StreamAdmin,
  wish: StreamWish,
): Promise<null | AppError> {
  const { tenantId } = wish;
  const found = await find(deps, tenantId);
  if ('code' in found) return found;
  const { publishedUpTo } = found;
  const entry = await act(deps, wish, { type: 'audit_stream_closed', publishedUpTo });
  return await deps.store.forTenant(tenantId).transaction(async (tx) => {
    if (!(await deleteBrokerStream(tx, tenantId))) return noStream();
    await deleteFollower(tx, tenantId, STREAM_FOLLOWER);
    await deps.own.store(tx, entry);
    await admin.removeAll(tenantId);
    tx.afterCommit(deps.onChanged);
    return null;
  }, READ_COMMITTED);
}

interface Told {
  readonly type: OwnType;
  readonly [detail: string]: string | number;
}

async function act({ own }: TenantStreamsDeps, { tenantId, cause }: StreamWish, { type, ...details }: Told) {
  const queue = streamName(tenantId);
  return await own.make({ type, tenantId, resourceId: queue, cause, details: { queue, ...details } });
}

function noStream(): AppError {
  return appError('not_found', { detail: 'the tenant has no stream' });
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

function withPassword(shown: ShownStream | AppError, password: string | null): ShownStream | AppError {
  return 'code' in shown ? shown : { ...shown, password };
}
