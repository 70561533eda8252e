DROP INDEX IF EXISTS tx_requests_pending;
