-- People who see pages, what they may do in which project, and what was done. A password is kept as Argon2id made it; of a session's
-- cookie its SHA-256 is.

CREATE TABLE person (
    id       uuid PRIMARY KEY,
    name     text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9._@-]{0,99}$'),
    password text NOT NULL CHECK (password ~ '^\$argon2id\$'),
    created  timestamptz NOT NULL DEFAULT now(),
    disabled timestamptz
);

CREATE TABLE membership (
    person  uuid NOT NULL REFERENCES person,
    project uuid NOT NULL REFERENCES project,
    role    text NOT NULL CHECK (role IN ('viewer', 'expert', 'operator', 'owner')),
    PRIMARY KEY (person, project)
);

CREATE TABLE session (
    hash      text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
    person    uuid NOT NULL REFERENCES person,
    created   timestamptz NOT NULL,
    expires   timestamptz NOT NULL,
    last_seen timestamptz NOT NULL
);

CREATE INDEX session_person ON session (person);
CREATE INDEX session_expires ON session (expires);

-- Who did what. Names, not references: it outlives whom and what it speaks of. A null project is the whole installation.
CREATE TABLE audit (
    id      uuid PRIMARY KEY,
    at      timestamptz NOT NULL,
    who     text NOT NULL CHECK (who <> ''),
    project uuid REFERENCES project,
    action  text NOT NULL CHECK (action <> ''),
    subject text NOT NULL,
    detail  jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(detail) = 'object')
);

CREATE INDEX audit_project ON audit (project, id);

CREATE FUNCTION refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of [%] are never removed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER immutable BEFORE UPDATE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
