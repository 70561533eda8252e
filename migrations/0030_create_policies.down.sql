DROP TABLE IF EXISTS policy_versions;
DROP TABLE IF EXISTS policies;
