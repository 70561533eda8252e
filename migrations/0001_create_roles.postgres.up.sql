-- Roles belong to the whole server, so another database may have made them already.
DO $$ BEGIN
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ironforge_app') THEN
    CREATE ROLE ironforge_app NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ironforge_system') THEN
    CREATE ROLE ironforge_system NOLOGIN;
  END IF;
  IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'ironforge_service') THEN
    CREATE ROLE ironforge_service LOGIN NOINHERIT;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL;
END $$;
GRANT ironforge_app TO ironforge_service;
GRANT ironforge_system TO ironforge_service;
GRANT USAGE ON SCHEMA public TO ironforge_app, ironforge_system, ironforge_service;
