/** What an entry says about something that the audit service did itself. */
export interface OwnKind {
  readonly resourceType: string;
  readonly action: string;
}

/** What the audit service does itself and no event tells, by the type of its entry (`area_verb`). */
export const OWN_KINDS = {
  audit_signing_key_introduced: { resourceType: 'audit_log', action: 'create' },
  audit_signing_key_rotated: { resourceType: 'audit_log', action: 'update' },
  audit_stream_opened: { resourceType: 'audit_stream', action: 'create' },
  audit_stream_changed: { resourceType: 'audit_stream', action: 'update' },
  audit_stream_closed: { resourceType: 'audit_stream', action: 'delete' },
  audit_stream_credentials_rotated: { resourceType: 'audit_stream', action: 'update' },
} as const satisfies Readonly<Record<string, OwnKind>>;

/** The type of an entry about what the audit service did. */
export type OwnType = keyof typeof OWN_KINDS;
