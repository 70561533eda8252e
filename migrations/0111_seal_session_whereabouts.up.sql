-- From where somebody signed in stood here in clear; it is kept under his own data key from now on, and what stood here is gone.
ALTER TABLE refresh_families ADD COLUMN whereabouts_cipher TEXT;
ALTER TABLE refresh_families DROP COLUMN client_ip;
ALTER TABLE refresh_families DROP COLUMN user_agent;
