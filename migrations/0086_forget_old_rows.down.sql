REVOKE DELETE ON outbox, inbox, spending_buckets FROM ironforge_system;
DROP INDEX spending_buckets_by_age;
DROP INDEX inbox_received;
DROP INDEX outbox_published;
