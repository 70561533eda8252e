DROP TABLE IF EXISTS export_parts;
DROP TABLE IF EXISTS export_jobs;
