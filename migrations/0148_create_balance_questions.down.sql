DROP TABLE IF EXISTS balance_questions;
