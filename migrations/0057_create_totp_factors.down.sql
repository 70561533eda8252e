DROP TABLE IF EXISTS totp_factors;
