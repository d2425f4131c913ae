-- Creates the missing roles and databases. The passwords are read from the secrets here, so that none is on a command line.
\set registry `cat /run/secrets/postgres_registry_password`
\set lake `cat /run/secrets/postgres_lake_password`
\set reference `cat /run/secrets/postgres_reference_password`
\set superset `cat /run/secrets/postgres_superset_password`
\set dagster `cat /run/secrets/postgres_dagster_password`
CREATE TEMPORARY TABLE wanted (name text, password text);
INSERT INTO wanted VALUES ('registry', :'registry'), ('lake', :'lake'), ('reference', :'reference'), ('superset', :'superset'), ('dagster', :'dagster');
SELECT format('CREATE ROLE %I LOGIN PASSWORD %L', name, password) FROM wanted WHERE name NOT IN (SELECT rolname FROM pg_roles)
\gexec
SELECT format('CREATE DATABASE %I OWNER %I', name, name) FROM wanted WHERE name NOT IN (SELECT datname FROM pg_database)
\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', name) FROM wanted
\gexec
