-- The height of the watcher's newest word on a request, while heard_at_height also rises when it is only asked: without a word nobody knows that a payment is in no block.
ALTER TABLE tx_requests ADD COLUMN told_at_height INT8;
