-- From where somebody acted stood beside the sealed text in clear. It is within the text now, as { subject, cipher } under the data key of
-- the person, and in this column as every other field; what stood here in clear was never sealed, and is gone.
ALTER TABLE audit_entries ADD COLUMN personal JSONB;
ALTER TABLE audit_entries DROP COLUMN client_ip;
ALTER TABLE audit_entries DROP COLUMN user_agent;
