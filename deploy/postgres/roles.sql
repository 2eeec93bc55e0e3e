-- The database and the two roles that work on it. The one definition: the PostgreSQL image runs it
-- on its first start (init-roles.sh), the development supervisor on every start. It may run again.
--
-- docuvault_app      server and worker: reads and writes rows, may not create, alter or drop.
-- docuvault_migrate  migrations alone: owns what it creates.
--
-- The first migration grants the rows to docuvault_app, because only the owner of a table can.
-- Run by a superuser, with the two passwords in the environment of psql.

\set ON_ERROR_STOP on
\getenv app_password POSTGRES_APP_PASSWORD
\getenv migrate_password POSTGRES_MIGRATE_PASSWORD

SELECT 'CREATE ROLE docuvault_app'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'docuvault_app') \gexec
SELECT 'CREATE ROLE docuvault_migrate'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'docuvault_migrate') \gexec

ALTER ROLE docuvault_app
    LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'app_password';
ALTER ROLE docuvault_migrate
    LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'migrate_password';

SELECT 'CREATE DATABASE docuvault'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'docuvault') \gexec

REVOKE ALL ON DATABASE docuvault FROM PUBLIC;
GRANT CONNECT ON DATABASE docuvault TO docuvault_app;
-- CREATE lets migrations add the trusted extensions (pg_trgm, unaccent).
GRANT CONNECT, CREATE, TEMPORARY ON DATABASE docuvault TO docuvault_migrate;

\connect docuvault

-- A right on the database gives none in the schema `public` since PostgreSQL 15.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO docuvault_app;
GRANT USAGE, CREATE ON SCHEMA public TO docuvault_migrate;
