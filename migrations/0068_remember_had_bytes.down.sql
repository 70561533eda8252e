REVOKE UPDATE ON watch_attempts FROM ironforge_app, ironforge_system;
ALTER TABLE watch_attempts DROP COLUMN IF EXISTS had_at;
