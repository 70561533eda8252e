DROP TABLE IF EXISTS balance_reads;
