import { randomBytes } from 'node:crypto';
import { appError } from '@ironforge/contracts';
import type { AppError, TenantId } from '@ironforge/kernel';
import type { Cause } from '@ironforge/service-kit';
import type { Store } from '@ironforge/store';
import type { OwnEntries } from '../entry/own-entries.ts';
import type { OwnType } from '../entry/own-kinds.ts';
import { deleteBrokerStream, findBrokerStream, putBrokerStream } from '../queries/audit-broker-streams.ts';
import { deleteFollower, findFollowedTo, insertFollower } from '../queries/audit-followers.ts';
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

/** The streams that tenants ask for. What is done in the broker is done before it is noted, and can be done again. */
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
  if (stream === undefined) return appError('not_found', { detail: 'the tenant has no stream' });
  const name = streamName(tenantId);
  const { max_age_days: maxAgeDays } = stream;
  return { amqpUrl, queue: name, user: name, password: null, maxAgeDays, publishedUpTo: Number(sequence) };
}

async function put(
  deps: TenantStreamsDeps,
  admin: StreamAdmin,
  { maxAgeDays, ...wish }: StreamWish & { readonly maxAgeDays: number },
): Promise<ShownStream | AppError> {
  const { tenantId } = wish;
  const isNew = 'code' in (await find(deps, tenantId));
  const password = isNew ? newPassword() : null;
  await admin.putStream(tenantId, maxAgeDays);
  if (password !== null) await admin.putReader(tenantId, password);
  const entry = await act(deps, wish, {
    type: isNew ? 'audit_stream_opened' : 'audit_stream_changed',
    maxAgeDays,
  });
  await deps.store.forTenant(tenantId).transaction(async (tx) => {
    await putBrokerStream(tx, tenantId, maxAgeDays);
    await insertFollower(tx, tenantId, STREAM_FOLLOWER);
    await deps.own.store(tx, entry);
    tx.afterCommit(deps.onChanged);
  });
  return withPassword(await find(deps, tenantId), password);
}

async function rotate(
  deps: TenantStreamsDeps,
  admin: StreamAdmin,
  wish: StreamWish,
): Promise<ShownStream | AppError> {
  const found = await find(deps, wish.tenantId);
  if ('code' in found) return found;
  const password = newPassword();
  await admin.putReader(wish.tenantId, password);
  const entry = await act(deps, wish, { type: 'audit_stream_credentials_rotated' });
  await deps.store.forTenant(wish.tenantId).transaction((tx) => deps.own.store(tx, entry));
  return withPassword(found, password);
}

async function remove(
  deps: TenantStreamsDeps,
  admin: StreamAdmin,
  wish: StreamWish,
): Promise<null | AppError> {
  const { tenantId } = wish;
  const found = await find(deps, tenantId);
  if ('code' in found) return found;
  await admin.removeAll(tenantId);
  const { publishedUpTo } = found;
  const entry = await act(deps, wish, { type: 'audit_stream_closed', publishedUpTo });
  await deps.store.forTenant(tenantId).transaction(async (tx) => {
    await deleteBrokerStream(tx, tenantId);
    await deleteFollower(tx, tenantId, STREAM_FOLLOWER);
    await deps.own.store(tx, entry);
    tx.afterCommit(deps.onChanged);
  });
  return null;
}

interface Told {
  readonly type: OwnType;
  readonly [detail: string]: string | number;
}

async function act({ own }: TenantStreamsDeps, { tenantId, cause }: StreamWish, { type, ...details }: Told) {
  const queue = streamName(tenantId);
  return await own.make({ type, tenantId, resourceId: queue, cause, details: { queue, ...details } });
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

function withPassword(shown: ShownStream | AppError, password: string | null): ShownStream | AppError {
  return 'code' in shown ? shown : { ...shown, password };
}
