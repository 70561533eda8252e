import { AppError, type AppErrorOptions } from '@ironforge/kernel';

/** Every error code that leaves the system, with its HTTP status and title (RFC 9457). Codes are never reused. */
export const ERRORS = {
  malformed_json: { status: 400, title: 'The body is not valid JSON' },
  idempotency_key_required: { status: 400, title: 'This route needs an Idempotency-Key header' },
  invalid_header: { status: 400, title: 'A header has a value that cannot be used' },
  unauthenticated: { status: 401, title: 'No valid access token or API key was given' },
  invalid_credentials: { status: 401, title: 'E-mail, password or code is wrong' },
  totp_required: { status: 401, title: 'This account signs in with a code of its authenticator too' },
  password_change_required: {
    status: 401,
    title: 'The password must be changed: sign in with a newPassword beside it',
  },
  invalid_refresh_token: { status: 401, title: 'The refresh token is not valid any more' },
  permission_denied: { status: 403, title: 'The caller lacks the permission that this route needs' },
  plan_limit_reached: { status: 403, title: 'The limit of the plan is reached' },
  wallet_watch_only: { status: 403, title: 'A watch-only wallet never sends' },
  initiator_cannot_approve: { status: 403, title: 'Who asked for it cannot approve it' },
  not_an_approver: { status: 403, title: 'The caller is in none of the groups whose approval is needed' },
  second_person_needed: { status: 403, title: 'Somebody else has to do this: it needs two people' },
  step_up_required: {
    status: 403,
    title: 'This needs a code of the second factor, a signature of the approver’s address, or one’s password',
  },
  step_up_failed: {
    status: 403,
    title:
      'The code is wrong or was used, the signature is not of the approver’s address, the password is wrong, or there is none of them',
  },
  not_found: { status: 404, title: 'There is no such resource' },
  method_not_allowed: { status: 405, title: 'This path does not take that method' },
  illegal_transition: { status: 409, title: 'The request is in a state that does not allow this' },
  intent_mismatch: { status: 409, title: 'The intent hash is not the one of this request' },
  change_mismatch: { status: 409, title: 'The hash is not the one of this change' },
  already_decided: { status: 409, title: 'The caller has decided on this before' },
  lease_lost: { status: 409, title: 'The lease is not the one that holds the nonce' },
  waiting_for_nonce: { status: 409, title: 'The nonce this request was offered before is not settled yet' },
  insufficient_funds: { status: 409, title: 'The wallet does not hold enough for amount and fee' },
  quorum_missing: { status: 409, title: 'The approvals given do not reach the quorum any more' },
  fee_above_ceiling: { status: 409, title: 'The network asks for more than the approved fee ceiling' },
  wallet_exists: { status: 409, title: 'The tenant has this address on this chain already' },
  wallet_not_active: { status: 409, title: 'The wallet is not active' },
  address_exists: { status: 409, title: 'The address book has this address already' },
  backfill_running: { status: 409, title: 'Older blocks are being read for this wallet already' },
  approval_address_exists: { status: 409, title: 'Another user of the tenant signs with this address' },
  asset_exists: { status: 409, title: 'The tenant has this asset already' },
  email_exists: { status: 409, title: 'The tenant has a user with this e-mail already' },
  client_reference_exists: { status: 409, title: 'Another request of the tenant has this clientReference' },
  request_in_progress: { status: 409, title: 'The same request is still being worked on' },
  chain_not_stopped: {
    status: 409,
    title: 'The chain is not stopped, or no block of ours that is kept stands at that height below finality',
  },
  broker_streams_off: { status: 409, title: 'This installation makes no streams in its broker' },
  version_conflict: { status: 409, title: 'Somebody else changed the resource at the same time' },
  personal_data_erased: { status: 410, title: 'The personal data of this person was erased' },
  entry_pruned: {
    status: 410,
    title: 'The entry was pruned when its time was over; the detail names the certificate',
  },
  export_not_ready: { status: 409, title: 'The export is not made yet, or could not be made' },
  export_gone: {
    status: 410,
    title:
      'The file can no longer be had: its time is over, or the log does not give the same bytes any more',
  },
  checkpoint_missing: {
    status: 410,
    title: 'The checkpoint that this stands on is not in the log any more: somebody changed its tables',
  },
  body_too_slow: { status: 408, title: 'The body did not come in time' },
  precondition_failed: { status: 412, title: 'The resource is not in the version that If-Match names' },
  body_too_large: { status: 413, title: 'The body is larger than 1 MiB' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  range_not_satisfiable: { status: 416, title: 'The file ends before that place' },
  validation_failed: { status: 422, title: 'The request has fields that cannot be taken' },
  secret_in_request: { status: 422, title: 'A field holds a private key or a seed phrase' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used before with another body' },
  signed_bytes_differ: { status: 422, title: 'The signed bytes are not what was approved' },
  unknown_chain: { status: 422, title: 'This installation does not follow that chain' },
  unknown_asset: { status: 422, title: 'The asset is not known' },
  rate_limited: { status: 429, title: 'Too many requests' },
  too_many_waiting: {
    status: 429,
    title: 'As many calls wait as may at the same time: ask again, or without wait',
  },
  too_many_exports: {
    status: 429,
    title: 'As many exports of the tenant are being made as may at the same time',
  },
  too_many_streams: {
    status: 429,
    title: 'The tenant has as many streams and downloads open as it may: close one',
  },
  too_many_attempts: { status: 429, title: 'Too many failed sign-ins' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  outcome_unknown: {
    status: 503,
    title: 'It is not known whether the change was stored: read again before repeating',
  },
  chain_stopped: {
    status: 503,
    title: 'The chain is stopped: nothing is signed or sent on it until it goes on',
  },
  screening_unavailable: { status: 503, title: 'Addresses cannot be screened at the moment' },
  clocks_differ: { status: 503, title: 'The clocks of this installation differ too much' },
  overloaded: { status: 503, title: 'More requests wait than may at the same time: ask again' },
  dependency_failed: { status: 503, title: 'A part of the system failed at its work' },
  dependency_down: { status: 503, title: 'A part of the system does not answer' },
} as const satisfies Record<string, { status: number; title: string }>;

/** A code of the registry. */
export type ErrorCode = keyof typeof ERRORS;

/** Makes a fault whose code is in the registry. */
export function appError(code: ErrorCode, options: AppErrorOptions = {}): AppError {
  return new AppError(code, options);
}

/** True for a text that is a code of the registry. */
export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERRORS, text);
}
