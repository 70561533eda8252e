-- When some node last said that it has these bytes; null again once none has them any more.
ALTER TABLE watch_attempts ADD COLUMN had_at TIMESTAMPTZ;
GRANT UPDATE ON watch_attempts TO ironforge_app, ironforge_system;
