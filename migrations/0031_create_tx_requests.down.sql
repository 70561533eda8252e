DROP TABLE IF EXISTS daily_tx_counts;
DROP TABLE IF EXISTS approvals;
DROP TABLE IF EXISTS approver_groups;
DROP TABLE IF EXISTS tx_events;
DROP TABLE IF EXISTS tx_requests;
