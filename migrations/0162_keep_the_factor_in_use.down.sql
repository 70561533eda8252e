ALTER TABLE totp_factors DROP COLUMN IF EXISTS pending_expires_at;
ALTER TABLE totp_factors DROP COLUMN IF EXISTS pending_secret_cipher;
