#!/bin/sh
# Runs once, in an empty database: the role of the client face. What it may do, the staff face says at each start.
set -eu
psql --set=ON_ERROR_STOP=1 --set=password="$CLIENT_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE sayso_client LOGIN PASSWORD :'password';
SQL
