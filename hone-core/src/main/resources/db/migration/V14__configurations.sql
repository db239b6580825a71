-- What the files said that calls and feedback followed: the text of each once, by the SHA-256 that stands beside every row that they
-- decided on. Keys are not in it: the files name the variables that hold them, and what looks like a secret is taken out all the same.

CREATE TABLE configuration (
    hash  text PRIMARY KEY CHECK (hash ~ '^[0-9a-f]{64}$'),
    since timestamptz NOT NULL,
    files json NOT NULL CHECK (json_typeof(files) = 'array')
);

CREATE TRIGGER immutable BEFORE UPDATE ON configuration FOR EACH ROW EXECUTE FUNCTION refuse_update();

ALTER TABLE feedback ADD COLUMN configuration text CHECK (configuration ~ '^[0-9a-f]{64}$');

-- Names of keys are a project's own.
DROP INDEX api_key_name;
CREATE UNIQUE INDEX api_key_name ON api_key (project, name) WHERE revoked IS NULL;
