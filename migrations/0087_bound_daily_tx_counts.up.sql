-- A request beyond the plan is counted as 0, which this refuses by name: the count needs no answer before COMMIT.
ALTER TABLE daily_tx_counts ADD CONSTRAINT daily_tx_counts_within_plan CHECK (requests > 0);
