import type { AuditCategory, EventData, EventType } from '@ironforge/contracts';

/** What an entry says about events of one type. */
export interface EntryKind<Data> {
  /** The name of source 000 §4.2 where it has one, else `area_verb`. */
  readonly type: string;
  /** By which entries of this kind are kept. */
  readonly category: AuditCategory;
  readonly resourceType: string;
  readonly action: string;
  readonly status: 'success' | 'failure';
  /** Whether the events of one subject count up without gaps; the others carry version 1 and wait for none. */
  readonly order: 'by_version' | 'none';
  readonly placeOf: (data: Data) => Place;
}

/** What an entry is about; `resourceId` null stands for the subject of the event. */
export interface Place {
  readonly resourceId: string | null;
  readonly chainId: string | null;
  readonly txHash: string | null;
}

/** Told by the `tx_request.*` and `wallet.*` that follow from it; not recorded apart. */
const UNRECORDED = null;

/**
 * Every event type and the entry that it becomes; the compiler refuses a type without a line.
 * Approvals, leases and signatures are about the request they belong to.
 */
export const ENTRY_KINDS: { readonly [T in EventType]: EntryKind<EventData<T>> | null } = {
  'tenant.created': onTenant('tenant_created', 'create'),
  'tenant.updated': onTenant('tenant_updated', 'update'),
  'user.registered': onUser('user_registered', 'create'),
  'user.updated': onUser('user_updated', 'update'),
  'user.erased': onUser('user_erased', 'erase'),
  'user.visitors_erased': onVisitors('visitors_erased', 'erase'),
  'user.personal_data_read': onPeople('personal_data_read', 'read'),
  'user.password_changed': onUser('user_password_changed', 'update'),
  'user.totp_confirmed': onUser('user_totp_confirmed', 'update'),
  'user.totp_reset': onUser('user_totp_reset', 'update'),
  'user.recovery_codes_renewed': onUser('user_recovery_codes_renewed', 'update'),
  'user.approval_address_set': onUser('user_approval_address_set', 'update'),
  'api_key.created': onApiKey('api_key_created', 'create'),
  'api_key.revoked': onApiKey('api_key_revoked', 'revoke'),
  'session.login_succeeded': onAccount('login_success', 'login'),
  'session.login_failed': failed(onAccount('login_failed', 'login')),
  'session.logged_out': onAccount('session_logged_out', 'logout'),
  'security.refresh_token_reused': failed(onAccount('security_refresh_token_reused', 'refresh')),
  'security.signature_refused': failed(besideRequest('security_signature_refused', 'sign')),
  'security.mined_after_end': besideRequest('security_mined_after_end', 'observe'),
  'security.adopted_with_differences': besideRequest('security_adopted_with_differences', 'adopt'),
  'nonce.gap_opened': besideWallet('nonce_gap_opened', 'create'),
  'security.nonce_spent_outside': besideWallet('security_nonce_spent_outside', 'observe'),
  'wallet.created': onWallet('wallet_created', 'create'),
  'wallet.watch_asked': UNRECORDED,
  'wallet.activated': onWallet('wallet_activated', 'activate'),
  'wallet.updated': onWallet('wallet_updated', 'update'),
  'wallet.archived': onWallet('wallet_archived', 'archive'),
  'wallet.balance_changed': besideWallet('balance_changed', 'update'),
  'asset.created': onAsset('asset_created', 'create'),
  'address_book.entry_added': onAddress('address_book_entry_added', 'create'),
  'address_book.entry_verified': onAddress('address_book_entry_verified', 'verify'),
  'address_book.removal_requested': onAddress('address_book_removal_requested', 'remove'),
  'address_book.entry_removed': onAddress('address_book_entry_removed', 'remove'),
  'policy.created': onPolicy('policy_created', 'create'),
  'policy.updated': onPolicy('policy_updated', 'update'),
  'change.proposed': onChange('change_proposed', 'propose'),
  'change.approval_granted': onChange('change_approval_granted', 'approve'),
  'change.approved': onChange('change_approved', 'approve'),
  'change.quorum_lost': onChange('change_quorum_lost', 'update'),
  'change.rejected': onChange('change_rejected', 'reject'),
  'change.cancelled': onChange('change_cancelled', 'cancel'),
  'change.expired': onChange('change_expired', 'expire'),
  'change.applied': onChange('change_applied', 'apply'),
  'change.refused': failed(onChange('change_refused', 'apply')),
  'tx_request.created': onRequest('tx_request_created', 'create'),
  'tx_request.submitted': onRequest('tx_request_submitted', 'submit'),
  'tx_request.approval_granted': onRequest('approval_granted', 'approve'),
  'tx_request.approval_refused': onRequest('approval_refused', 'reject'),
  'tx_request.approved': onRequest('tx_request_approved', 'approve'),
  'tx_request.rejected': onRequest('tx_request_rejected', 'reject'),
  'tx_request.expired': onRequest('tx_request_expired', 'expire'),
  'tx_request.cancelled': onRequest('tx_request_cancelled', 'cancel'),
  'tx_request.quorum_lost': onRequest('tx_request_quorum_lost', 'update'),
  'tx_request.validity_passed': onRequest('tx_request_validity_passed', 'expire'),
  'tx_request.payload_offered': onRequest('tx_request_payload_offered', 'offer'),
  'tx_request.lease_displaced': onRequest('tx_request_lease_displaced', 'displace'),
  'tx_request.signed': onRequest('tx_signed', 'sign'),
  'tx_request.delayed': onRequest('tx_request_delayed', 'update'),
  'tx_request.dispatched': onRequest('tx_request_dispatched', 'broadcast'),
  'tx_request.broadcasted': onRequest('tx_broadcasted', 'broadcast'),
  'tx_request.refused': failed(onRequest('tx_request_refused', 'broadcast')),
  'tx_request.stuck': onRequest('tx_request_stuck', 'observe'),
  'tx_request.attempt_added': onRequest('tx_request_attempt_added', 'create'),
  'tx_request.attempt_approved': onRequest('tx_request_attempt_approved', 'approve'),
  'tx_request.attempt_rejected': onRequest('tx_request_attempt_rejected', 'reject'),
  'tx_request.included': onRequest('tx_request_included', 'observe'),
  'tx_request.confirmed': onRequest('tx_confirmed', 'confirm'),
  'tx_request.failed': failed(onRequest('tx_request_failed', 'confirm')),
  'tx_request.reorged': onRequest('tx_request_reorged', 'observe'),
  'tx_request.adopted': onRequest('tx_request_adopted', 'adopt'),
  'tx_request.finalized': onRequest('tx_request_finalized', 'finalize'),
  'tx_request.nonce_released': onRequest('tx_request_nonce_released', 'release'),
  'tx_request.observed': onRequest('tx_request_observed', 'observe'),
  'chain.address_watched': UNRECORDED,
  'chain.tx_accepted': UNRECORDED,
  'chain.tx_refused': UNRECORDED,
  'chain.tx_observed': UNRECORDED,
  'chain.txs_observed': UNRECORDED,
  'chain.nonce_spent': UNRECORDED,
  'chain.deposit_observed': besideWallet('deposit_observed', 'observe'),
  'chain.stopped': failed(onChain('chain_stopped', 'stop')),
  'chain.resumed': onChain('chain_resumed', 'resume'),
  'chain.went_on': onChain('chain_went_on', 'observe'),
  'wallet.balance_observed': UNRECORDED,
};

function onTenant(type: string, action: string): EntryKind<EventData<'tenant.created'>> {
  return {
    category: 'people',
    ...ordered(type, 'tenant', action),
    placeOf: ({ tenant }) => about(tenant.id),
  };
}

function onUser(type: string, action: string): EntryKind<EventData<'user.registered'>> {
  return { category: 'people', ...ordered(type, 'user', action), placeOf: ({ user }) => about(user.id) };
}

function onApiKey(type: string, action: string): EntryKind<EventData<'api_key.created'>> {
  return {
    category: 'access',
    ...ordered(type, 'api_key', action),
    placeOf: ({ apiKey }) => about(apiKey.id),
  };
}

function onWallet(type: string, action: string): EntryKind<EventData<'wallet.updated'>> {
  return {
    category: 'transfers',
    ...ordered(type, 'wallet', action),
    placeOf: ({ wallet: { id, chainId } }) => ({ ...about(id), chainId }),
  };
}

function onAsset(type: string, action: string): EntryKind<EventData<'asset.created'>> {
  return {
    category: 'transfers',
    ...ordered(type, 'asset', action),
    placeOf: ({ asset: { assetId, chainId } }) => ({ ...about(assetId), chainId }),
  };
}

function onAddress(type: string, action: string): EntryKind<EventData<'address_book.entry_added'>> {
  return {
    category: 'address_book',
    ...ordered(type, 'address', action),
    placeOf: ({ entry: { id, chainId } }) => ({ ...about(id), chainId }),
  };
}

function onPolicy(type: string, action: string): EntryKind<EventData<'policy.created'>> {
  return { category: 'rules', ...ordered(type, 'policy', action), placeOf: ({ policy }) => about(policy.id) };
}

function onChange(type: string, action: string): EntryKind<EventData<'change.proposed'>> {
  return { category: 'rules', ...ordered(type, 'change', action), placeOf: ({ change }) => about(change.id) };
}

function onRequest(type: string, action: string): EntryKind<EventData<'tx_request.created'>> {
  return {
    category: 'transfers',
    ...ordered(type, 'tx_request', action),
    placeOf: ({ request: { id, chainId, txHash } }) => ({ resourceId: id, chainId, txHash }),
  };
}

/** What happens to an account without changing it; an unknown account has no id. */
function onAccount(type: string, action: string): EntryKind<{ readonly userId: string | null }> {
  return {
    category: 'access',
    ...ordered(type, 'user', action),
    order: 'none',
    placeOf: ({ userId }) => about(userId),
  };
}

/** What is done to the data of people without an account; all of a month are one. */
function onVisitors(type: string, action: string): EntryKind<EventData<'user.visitors_erased'>> {
  return {
    category: 'people',
    ...ordered(type, 'visitors', action),
    order: 'none',
    placeOf: ({ month }) => about(month),
  };
}

/** What somebody sees of other people; the subject stands for several. */
function onPeople(type: string, action: string): EntryKind<{ readonly userIds: readonly string[] }> {
  return {
    category: 'audit',
    ...ordered(type, 'user', action),
    order: 'none',
    placeOf: () => about(null),
  };
}

/** What happens around a request without changing it. */
function besideRequest(
  type: string,
  action: string,
): EntryKind<{ readonly requestId: string; readonly txHash?: string }> {
  return {
    category: 'transfers',
    ...ordered(type, 'tx_request', action),
    order: 'none',
    placeOf: ({ requestId, txHash = null }) => ({ ...about(requestId), txHash }),
  };
}

/** What happens around a wallet without changing it. */
function besideWallet(
  type: string,
  action: string,
): EntryKind<{ readonly walletId: string; readonly chainId: string; readonly txHash?: string | null }> {
  return {
    category: 'transfers',
    ...ordered(type, 'wallet', action),
    order: 'none',
    placeOf: ({ walletId, chainId, txHash = null }) => ({ resourceId: walletId, chainId, txHash }),
  };
}

/** What happens to a chain as a whole; each tenant with a wallet there is told. */
function onChain(type: string, action: string): EntryKind<{ readonly chainId: string }> {
  return {
    category: 'transfers',
    ...ordered(type, 'chain', action),
    order: 'none',
    placeOf: ({ chainId }) => ({ ...about(chainId), chainId }),
  };
}

function failed<Data>(kind: EntryKind<Data>): EntryKind<Data> {
  return { ...kind, status: 'failure' };
}

function ordered(type: string, resourceType: string, action: string) {
  return { type, resourceType, action, status: 'success', order: 'by_version' } as const;
}

function about(resourceId: string | null): Place {
  return { resourceId, chainId: null, txHash: null };
}
