ALTER TABLE watch_attempts DROP COLUMN IF EXISTS newest_command;
