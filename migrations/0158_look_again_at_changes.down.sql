DROP INDEX IF EXISTS changes_pending;
