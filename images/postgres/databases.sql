-- Read from the secrets here, so that no password is ever on a command line.
\set registry `cat /run/secrets/postgres_registry_password`
\set lake `cat /run/secrets/postgres_lake_password`
\set reference `cat /run/secrets/postgres_reference_password`
\set superset `cat /run/secrets/postgres_superset_password`
CREATE ROLE registry LOGIN PASSWORD :'registry';
CREATE ROLE lake LOGIN PASSWORD :'lake';
CREATE ROLE reference LOGIN PASSWORD :'reference';
CREATE ROLE superset LOGIN PASSWORD :'superset';
CREATE DATABASE registry OWNER registry;
CREATE DATABASE lake OWNER lake;
CREATE DATABASE reference OWNER reference;
CREATE DATABASE superset OWNER superset;
REVOKE ALL ON DATABASE registry, lake, reference, superset FROM PUBLIC;
