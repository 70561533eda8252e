-- The roles stay: they belong to the whole server and other databases may use them.
REVOKE USAGE ON SCHEMA public FROM ironforge_app, ironforge_system, ironforge_service;
