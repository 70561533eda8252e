-- A password that somebody else chose may serve for one sign-in alone, which brings its owner's own.
ALTER TABLE users ADD COLUMN must_change_password BOOLEAN NOT NULL DEFAULT false;
