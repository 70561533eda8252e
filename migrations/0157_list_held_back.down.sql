DROP INDEX IF EXISTS tx_requests_held_back;
