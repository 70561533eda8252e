import type { SaidEntry } from './said-entry.ts';

/**
 * An entry as an event of OCSF 1.3.0 in JSON: signing in and out as Authentication (3002), everything else as API Activity (6003). Every
 * attribute that these classes require is there; `raw_data` is the sealed text itself, so that whoever has it can hash it.
 */
export function ocsfOf(entry: SaidEntry, canonical: string): string {
  const session = SESSION_ACTIVITIES.get(entry.type);
  const own = session === undefined ? apiActivity(entry) : authentication(entry, session);
  return JSON.stringify({ ...own, ...common(entry), ...rawData(canonical) });
}

function common(entry: SaidEntry) {
  const isFailure = entry.status === 'failure';
  return {
    time: Date.parse(entry.occurredAt),
    severity_id: isFailure ? 3 : 1,
    severity: isFailure ? 'Medium' : 'Informational',
    status_id: isFailure ? 2 : 1,
    status: isFailure ? 'Failure' : 'Success',
    metadata: {
      version: '1.3.0',
      product: { name: 'IronForge', vendor_name: 'IronForge' },
      uid: entry.id,
      sequence: entry.sequence,
      tenant_uid: entry.tenantId,
      event_code: entry.type,
      ...(entry.requestId === null ? {} : { correlation_uid: entry.requestId }),
    },
    unmapped: { chainId: entry.chainId, txHash: entry.txHash, details: entry.details },
  };
}

/** What a text of OCSF holds at most; of a longer entry the number leads to the text. */
const MAX_TEXT_BYTES = 65_535;

function rawData(canonical: string) {
  return Buffer.byteLength(canonical) > MAX_TEXT_BYTES ? {} : { raw_data: canonical };
}

interface Activity {
  readonly id: number;
  readonly name: string;
}

/** By the type of the entry. */
const SESSION_ACTIVITIES: ReadonlyMap<string, Activity> = new Map([
  ['login_success', { id: 1, name: 'Logon' }],
  ['login_failed', { id: 1, name: 'Logon' }],
  ['session_logged_out', { id: 2, name: 'Logoff' }],
]);

const AUTHENTICATION = {
  category_uid: 3,
  category_name: 'Identity & Access Management',
  class_uid: 3002,
  class_name: 'Authentication',
};

/** The user is the one whose account it is: a sign-in that failed is told by a service, and was nobody's act. */
function authentication({ resourceId }: SaidEntry, session: Activity) {
  return {
    ...AUTHENTICATION,
    ...activity(AUTHENTICATION.class_uid, session),
    user: { uid: resourceId },
    service: { name: 'IronForge' },
  };
}

const API_ACTIVITY = {
  category_uid: 6,
  category_name: 'Application Activity',
  class_uid: 6003,
  class_name: 'API Activity',
};

/** What the sealed text does not say is where a request came from: it names the service that took it. */
function apiActivity({ action, actor, authority, resourceType, resourceId, type }: SaidEntry) {
  return {
    ...API_ACTIVITY,
    ...activity(API_ACTIVITY.class_uid, activityOf(action)),
    actor: { ...actorOf(actor, authority?.roles ?? []), ...authorizations(authority) },
    api: { operation: type, service: { name: 'IronForge' } },
    src_endpoint: { svc_name: actor.type === 'service' ? actor.id : 'gateway' },
    resources: [{ uid: resourceId, type: resourceType }],
  };
}

function actorOf({ type, id }: SaidEntry['actor'], roles: readonly string[]) {
  if (type !== 'user' && type !== 'api_key') return { app_name: id };
  const groups = roles.map((name) => ({ name }));
  return { user: { uid: id, type, ...(groups.length === 0 ? {} : { groups }) } };
}

function authorizations(authority: SaidEntry['authority']) {
  if (!authority?.policy) return {};
  const { id: uid, version } = authority.policy;
  return { authorizations: [{ policy: { uid, version: String(version) } }] };
}

function activity(classUid: number, { id, name }: Activity) {
  return { activity_id: id, activity_name: name, type_uid: classUid * 100 + id };
}

const CRUD: Readonly<Record<string, Activity>> = {
  create: { id: 1, name: 'Create' },
  read: { id: 2, name: 'Read' },
  update: { id: 3, name: 'Update' },
  delete: { id: 4, name: 'Delete' },
};

/** 99 is Other, whose name is the word of the source. */
function activityOf(action: string): Activity {
  return (Object.hasOwn(CRUD, action) ? CRUD[action] : undefined) ?? { id: 99, name: action };
}
