-- By what an entry's actor was allowed: { roles, policy: { id, version } }. Entries from before say nothing of it, and neither do their texts.
ALTER TABLE audit_entries ADD COLUMN authority JSONB;
