-- The words of an entry (packages/audit-log, termsOf), written with its number and so beside its sealed text; NULL in what is older, until
-- the service has filled it. Arrays are what both engines index for "has all of these".
ALTER TABLE audit_entries ADD COLUMN search_terms TEXT[];
CREATE INDEX audit_entries_by_terms ON audit_entries USING GIN (search_terms) WHERE sequence IS NOT NULL;
CREATE INDEX audit_entries_without_terms ON audit_entries (tenant_id, sequence) WHERE sequence IS NOT NULL AND search_terms IS NULL;
