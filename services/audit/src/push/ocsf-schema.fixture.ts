import { z } from 'zod';

/*
 * What OCSF 1.3.0 (github.com/ocsf/ocsf-schema, tag 1.3.0) says of the two classes that are used, as far as they are used: an attribute
 * that is not named here is one too many, and what is not optional is required there.
 */

const integer = z.int();
const text = z.string().max(65_535);

const service = z.strictObject({ name: text });
/** Its constraint: an account, a name or a uid. */
const user = z.strictObject({
  uid: text,
  type: text.optional(),
  groups: z.array(z.strictObject({ name: text })).optional(),
});
const authorizations = z
  .array(z.strictObject({ policy: z.strictObject({ uid: text, version: text.optional() }) }))
  .optional();
/** Its constraint: a process, a user, a session or an application. */
const actor = z.union([
  z.strictObject({ user, authorizations }),
  z.strictObject({ app_name: text, authorizations }),
]);

const metadata = z.strictObject({
  version: z.literal('1.3.0'),
  product: z.strictObject({ name: text, vendor_name: text }),
  uid: text.optional(),
  sequence: integer.optional(),
  tenant_uid: text.optional(),
  event_code: text.optional(),
  correlation_uid: text.optional(),
});

/** Of any event; a caption may be left out, but not be another one. */
const base = {
  metadata,
  /** Milliseconds since 1970. */
  time: integer.min(Date.UTC(2000, 0)).max(Date.UTC(2100, 0)),
  raw_data: text.optional(),
  unmapped: z.record(z.string(), z.unknown()).optional(),
};

const SEVERITIES = {
  0: 'Unknown',
  1: 'Informational',
  2: 'Low',
  3: 'Medium',
  4: 'High',
  5: 'Critical',
  6: 'Fatal',
};
const STATUSES = { 0: 'Unknown', 1: 'Success', 2: 'Failure' };
const OTHER = 99;

const captions = {
  severity_id: integer,
  severity: text.optional(),
  status_id: integer.optional(),
  status: text.optional(),
  activity_id: integer,
  activity_name: text.optional(),
  type_uid: integer,
};

/** Authentication; its constraint: a service or a destination. */
export const ocsfAuthentication = z
  .strictObject({
    ...base,
    ...captions,
    category_uid: z.literal(3),
    category_name: z.literal('Identity & Access Management').optional(),
    class_uid: z.literal(3002),
    class_name: z.literal('Authentication').optional(),
    user,
    service,
  })
  .superRefine(
    captioned({
      0: 'Unknown',
      1: 'Logon',
      2: 'Logoff',
      3: 'Authentication Ticket',
      4: 'Service Ticket Request',
      5: 'Service Ticket Renew',
      6: 'Preauth',
    }),
  );

/** API Activity; the constraint of its source: an address, a name or the name of a service, among others. */
export const ocsfApiActivity = z
  .strictObject({
    ...base,
    ...captions,
    category_uid: z.literal(6),
    category_name: z.literal('Application Activity').optional(),
    class_uid: z.literal(6003),
    class_name: z.literal('API Activity').optional(),
    actor,
    api: z.strictObject({ operation: text, service: service.optional() }),
    src_endpoint: z.strictObject({ svc_name: text }),
    resources: z.array(z.strictObject({ uid: text, type: text.optional() })).optional(),
  })
  .superRefine(captioned({ 0: 'Unknown', 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete' }));

type Captions = Readonly<Record<number, string>>;

type Captioned = z.output<z.ZodObject<typeof captions>> & { readonly class_uid: number };

/** Each id is one of its list, under the caption of that list; 99 is anything else, under a word of the source. */
function captioned(activities: Captions) {
  return (event: Captioned, context: z.RefinementCtx): void => {
    const isListed = [
      isCaption(SEVERITIES, event.severity_id, event.severity),
      isCaption(STATUSES, event.status_id, event.status),
      isCaption(activities, event.activity_id, event.activity_name),
    ].every(Boolean);
    if (!isListed) context.addIssue('a caption is not that of its id');
    if (event.type_uid !== event.class_uid * 100 + event.activity_id)
      context.addIssue('the type is not that of class and activity');
  };
}

function isCaption(captionsOf: Captions, id: number | undefined, caption: string | undefined): boolean {
  if (id === undefined || id === OTHER) return true;
  return id in captionsOf && (caption === undefined || captionsOf[id] === caption);
}
