-- Identifiers are UUIDs of version 7, made by Hone. Documents whose text must come back as it went in (the order of a tool
-- schema's keys is part of a prompt) are json; what is only looked into is jsonb.

CREATE TABLE use_case (
    id      uuid PRIMARY KEY,
    name    text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    created timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE trace (
    id           uuid PRIMARY KEY,
    use_case     uuid NOT NULL REFERENCES use_case,
    content_hash text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    external_id  text,
    request      json NOT NULL,
    response     json,
    metadata     jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    occurred     timestamptz,
    source       text NOT NULL,
    line         integer NOT NULL CHECK (line > 0),
    imported     timestamptz NOT NULL DEFAULT now(),
    UNIQUE (use_case, content_hash),
    UNIQUE (use_case, external_id)
);

CREATE TABLE feedback (
    id      uuid PRIMARY KEY,
    trace   uuid NOT NULL REFERENCES trace ON DELETE CASCADE,
    kind    text NOT NULL
            CHECK (kind IN ('boolean', 'float', 'comment', 'demonstration', 'preference', 'outcome')),
    value   json NOT NULL,
    created timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX feedback_trace ON feedback (trace);

CREATE TABLE task (
    id           uuid PRIMARY KEY,
    use_case     uuid NOT NULL REFERENCES use_case,
    trace        uuid NOT NULL REFERENCES trace,
    content_hash text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    input        json NOT NULL,
    reference    json NOT NULL,
    metadata     jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    created      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (trace, content_hash)
);

CREATE TABLE dataset (
    id       uuid PRIMARY KEY,
    use_case uuid NOT NULL REFERENCES use_case,
    hash     text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    settings jsonb NOT NULL,
    counts   jsonb NOT NULL,
    created  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (use_case, hash)
);

CREATE TABLE dataset_task (
    dataset  uuid NOT NULL REFERENCES dataset ON DELETE CASCADE,
    split    text NOT NULL CHECK (split IN ('train', 'validation', 'test')),
    position integer NOT NULL CHECK (position >= 0),
    task     uuid NOT NULL REFERENCES task,
    PRIMARY KEY (dataset, split, position),
    UNIQUE (dataset, task)
);
