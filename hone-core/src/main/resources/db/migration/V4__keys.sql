-- Keys of callers. The key itself is shown once and never kept: its SHA-256 is, and its first letters, for people.

CREATE TABLE api_key (
    id      uuid PRIMARY KEY,
    name    text NOT NULL CHECK (name <> ''),
    hash    text NOT NULL UNIQUE CHECK (hash ~ '^[0-9a-f]{64}$'),
    hint    text NOT NULL,
    scopes  text[] NOT NULL CHECK (cardinality(scopes) > 0 AND scopes <@ ARRAY['call', 'feedback', 'read', 'admin']),
    maker   text NOT NULL CHECK (maker <> ''),
    created timestamptz NOT NULL DEFAULT now(),
    expires timestamptz,
    revoked timestamptz
);

CREATE UNIQUE INDEX api_key_name ON api_key (name) WHERE revoked IS NULL;

ALTER TABLE trace ADD COLUMN api_key uuid;
