ALTER TABLE refresh_families ADD COLUMN IF NOT EXISTS user_agent VARCHAR(400);
ALTER TABLE refresh_families ADD COLUMN IF NOT EXISTS client_ip VARCHAR(45);
ALTER TABLE refresh_families DROP COLUMN IF EXISTS whereabouts_cipher;
