-- Roles belong to the whole cluster, so another database may have made them already.
CREATE ROLE IF NOT EXISTS ironforge_app NOLOGIN;
CREATE ROLE IF NOT EXISTS ironforge_system NOLOGIN;
CREATE ROLE IF NOT EXISTS ironforge_service LOGIN NOINHERIT;
GRANT ironforge_app TO ironforge_service;
GRANT ironforge_system TO ironforge_service;
GRANT USAGE ON SCHEMA public TO ironforge_app, ironforge_system, ironforge_service;
