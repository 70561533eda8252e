-- Time and id of the newest command to send these bytes, so that an older one that waits can go.
ALTER TABLE watch_attempts ADD COLUMN newest_command TEXT;
