-- Another secret waits beside the one in use until its first code is given; before, it took that one's place at once.
ALTER TABLE totp_factors ADD COLUMN pending_secret_cipher TEXT;
ALTER TABLE totp_factors ADD COLUMN pending_expires_at TIMESTAMPTZ;
