/** What an entry says about something that the audit service did itself. */
export interface OwnKind {
  readonly resourceType: string;
  readonly action: string;
}

/** What the audit service does itself and no event tells, by the type of its entry (`area_verb`). */
export const OWN_KINDS = {
  audit_signing_key_introduced: { resourceType: 'audit_log', action: 'create' },
  personal_data_read: { resourceType: 'audit_entry', action: 'read' },
  retention_changed: { resourceType: 'audit_log', action: 'update' },
  legal_hold_placed: { resourceType: 'legal_hold', action: 'create' },
  legal_hold_released: { resourceType: 'legal_hold', action: 'release' },
  entries_pruned: { resourceType: 'audit_log', action: 'delete' },
  audit_export_requested: { resourceType: 'audit_export', action: 'create' },
  audit_export_downloaded: { resourceType: 'audit_export', action: 'read' },
  audit_report_created: { resourceType: 'audit_report', action: 'create' },
  audit_signing_key_rotated: { resourceType: 'audit_log', action: 'update' },
  audit_stream_opened: { resourceType: 'audit_stream', action: 'create' },
  audit_stream_changed: { resourceType: 'audit_stream', action: 'update' },
  audit_stream_closed: { resourceType: 'audit_stream', action: 'delete' },
  audit_stream_credentials_rotated: { resourceType: 'audit_stream', action: 'update' },
} as const satisfies Readonly<Record<string, OwnKind>>;

/** The type of an entry about what the audit service did. */
export type OwnType = keyof typeof OWN_KINDS;
