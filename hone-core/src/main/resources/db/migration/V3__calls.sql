-- Calls that passed, beside rows that were imported: both are traces. What is known of a trace, what it says, and its attempts are kept
-- apart, each in a partition a month, so that each can be dropped after a time of its own. Identifiers are UUIDs of version 7, which begin
-- with the time in milliseconds: a month is a range of identifiers.

CREATE FUNCTION id_time(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
    SELECT to_timestamp(('x' || left(replace(id::text, '-', ''), 12))::bit(48)::bigint / 1000.0)
$$;

CREATE FUNCTION least_id(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

ALTER TABLE feedback DROP CONSTRAINT feedback_trace_fkey;
ALTER TABLE task DROP CONSTRAINT task_trace_fkey;
ALTER TABLE trace RENAME CONSTRAINT trace_pkey TO trace_before_pkey;
ALTER TABLE trace RENAME CONSTRAINT trace_use_case_fkey TO trace_before_use_case_fkey;
ALTER TABLE trace RENAME TO trace_before;

CREATE TABLE trace (
    id                uuid PRIMARY KEY,
    use_case          uuid REFERENCES use_case,
    metadata          jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
    occurred          timestamptz,
    recorded          timestamptz NOT NULL DEFAULT now(),
    path              text,
    model             text,
    route             text,
    variant           text,
    episode           text,
    stream            boolean,
    status            integer,
    ended             text CHECK (ended IN ('answered', 'refused', 'broken', 'abandoned')),
    first_byte_ms     double precision,
    ms                double precision,
    prompt_tokens     bigint CHECK (prompt_tokens >= 0),
    cached_tokens     bigint CHECK (cached_tokens >= 0),
    completion_tokens bigint CHECK (completion_tokens >= 0)
) PARTITION BY RANGE (id);

CREATE INDEX trace_use_case ON trace (use_case, id);
CREATE INDEX trace_episode ON trace (episode) WHERE episode IS NOT NULL;

CREATE TABLE trace_content (
    id       uuid PRIMARY KEY,
    request  text NOT NULL,
    response text
) PARTITION BY RANGE (id);

CREATE TABLE attempt (
    trace    uuid NOT NULL,
    number   integer NOT NULL CHECK (number > 0),
    variant  text NOT NULL,
    upstream text NOT NULL,
    model    text NOT NULL,
    status   integer,
    trouble  text,
    ms       double precision NOT NULL,
    PRIMARY KEY (trace, number)
) PARTITION BY RANGE (trace);

-- The partitions of a time's month.
CREATE FUNCTION make_room(at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    month timestamp := date_trunc('month', at AT TIME ZONE 'UTC');
    parent text;
    part text;
BEGIN
    FOREACH parent IN ARRAY ARRAY['trace', 'trace_content', 'attempt'] LOOP
        part := parent || to_char(month, '_YYYY_MM');
        IF to_regclass(part) IS NULL THEN
            PERFORM pg_advisory_xact_lock(hashtext('hone make_room'));
            EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', part, parent,
                least_id(month AT TIME ZONE 'UTC'), least_id((month + interval '1 month') AT TIME ZONE 'UTC'));
        END IF;
    END LOOP;
END
$$;

CREATE TABLE imported (
    trace        uuid PRIMARY KEY REFERENCES trace ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    use_case     uuid NOT NULL REFERENCES use_case,
    content_hash text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    external_id  text,
    source       text NOT NULL,
    line         integer NOT NULL CHECK (line > 0),
    UNIQUE (use_case, content_hash),
    UNIQUE (use_case, external_id)
);

SELECT make_room(at) FROM (SELECT DISTINCT date_trunc('month', id_time(id), 'UTC') AS at FROM trace_before) AS months;

INSERT INTO trace (id, use_case, metadata, occurred, recorded)
SELECT id, use_case, metadata, occurred, imported FROM trace_before;

INSERT INTO trace_content (id, request, response) SELECT id, request::text, response::text FROM trace_before;

INSERT INTO imported (trace, use_case, content_hash, external_id, source, line)
SELECT id, use_case, content_hash, external_id, source, line FROM trace_before;

SET CONSTRAINTS ALL IMMEDIATE;

DROP TABLE trace_before;

ALTER TABLE feedback ADD CONSTRAINT feedback_trace_fkey FOREIGN KEY (trace) REFERENCES trace ON DELETE CASCADE;
ALTER TABLE task ADD CONSTRAINT task_trace_fkey FOREIGN KEY (trace) REFERENCES trace;

-- How far a journal is in the database, written together with what was read from it.
CREATE TABLE journal_checkpoint (
    journal  uuid PRIMARY KEY,
    segment  bigint NOT NULL CHECK (segment >= 0),
    "offset" bigint NOT NULL CHECK ("offset" >= 0),
    written  timestamptz NOT NULL DEFAULT now()
);
