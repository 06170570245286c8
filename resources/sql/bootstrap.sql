-- What must be there before the first migration can be recorded.
CREATE SCHEMA IF NOT EXISTS scrutineer;
COMMENT ON SCHEMA scrutineer IS 'Scrutineer: contract views, flags, reviews, voids and their log';

CREATE TABLE IF NOT EXISTS scrutineer.schema_version (
    path       text PRIMARY KEY,
    sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    applied_by text NOT NULL DEFAULT session_user
);

-- The unprotected system exists to be attacked, so the constraint keeps it out of production however the row is changed.
CREATE TABLE IF NOT EXISTS scrutineer.setting (
    one_row         boolean PRIMARY KEY DEFAULT true CHECK (one_row),
    adapter         text NOT NULL CHECK (adapter IN ('reference', 'unprotected', 'imported')),
    environment     text NOT NULL CHECK (environment IN ('production', 'staging', 'demo')),
    two_person_rule boolean NOT NULL,
    CHECK (adapter <> 'unprotected' OR environment IN ('staging', 'demo'))
);
