-- What was published, taken in, or fell out of a spending window long ago is removed in small batches.
CREATE INDEX outbox_published ON outbox (service, published_at) WHERE state = 'published';
CREATE INDEX inbox_received ON inbox (received_at);
CREATE INDEX spending_buckets_by_age ON spending_buckets (updated_at);
GRANT DELETE ON outbox, inbox, spending_buckets TO ironforge_system;
