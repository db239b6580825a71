-- What production is watched by, and what experts say of it.

-- Feedback that nobody took back. With the key with which it was said it is taken back by a comment [withdrawal] on the same trace whose value is its id;
-- what people said on pages has no key.
CREATE VIEW feedback_in_force AS
SELECT f.*
  FROM feedback f
 WHERE NOT (f.kind = 'comment' AND f.name = 'withdrawal')
   AND NOT EXISTS (SELECT FROM feedback w
                    WHERE w.trace = f.trace AND w.kind = 'comment' AND w.name = 'withdrawal' AND w.value #>> '{}' = f.caller_id
                      AND w.api_key IS NOT DISTINCT FROM f.api_key);

-- Calls are looked at in the order in which the store had them, which no clock but its own decides.
CREATE INDEX trace_recorded ON trace (use_case, recorded, id);

-- How far a use case's calls have been looked at.
CREATE TABLE watch_progress (
    use_case uuid PRIMARY KEY REFERENCES use_case,
    recorded timestamptz NOT NULL,
    trace    uuid NOT NULL
);

-- Calls that are watched: what was asked as a vector, and what can be counted of the answer; no text of either. Those that are not sampled were taken
-- since somebody complained, and are for the queue alone.
CREATE TABLE watched_call (
    trace       uuid PRIMARY KEY REFERENCES trace ON DELETE CASCADE,
    use_case    uuid NOT NULL REFERENCES use_case,
    position    bigint GENERATED ALWAYS AS IDENTITY,
    sampled     boolean NOT NULL,
    recorded    timestamptz NOT NULL,
    watched     timestamptz NOT NULL,
    embedder    text NOT NULL,
    input       bytea,
    named       text NOT NULL,
    length      integer NOT NULL CHECK (length >= 0),
    offered     text[] NOT NULL,
    uncertainty double precision,
    other       uuid,
    UNIQUE (use_case, position)
);

CREATE INDEX watched_call_recorded ON watched_call (use_case, recorded);

-- A null score is a grader that has nothing to say of the call.
CREATE TABLE watched_grade (
    trace  uuid NOT NULL REFERENCES watched_call ON DELETE CASCADE,
    grader text NOT NULL,
    score  double precision CHECK (score >= 0 AND score <= 1),
    PRIMARY KEY (trace, grader)
);

-- Calls against which later ones are held: those watched from one position to another.
CREATE TABLE watch_reference (
    id            uuid PRIMARY KEY,
    use_case      uuid NOT NULL REFERENCES use_case,
    from_position bigint NOT NULL,
    to_position   bigint NOT NULL CHECK (to_position >= from_position),
    taken         timestamptz NOT NULL,
    who           text NOT NULL CHECK (who <> ''),
    why           text NOT NULL
);

CREATE INDEX watch_reference_use_case ON watch_reference (use_case, id);

CREATE TABLE watch_look (
    id        uuid PRIMARY KEY,
    use_case  uuid NOT NULL REFERENCES use_case,
    reference uuid NOT NULL REFERENCES watch_reference,
    at        timestamptz NOT NULL,
    drifted   boolean NOT NULL,
    found     json NOT NULL CHECK (json_typeof(found) = 'object')
);

CREATE INDEX watch_look_use_case ON watch_look (use_case, id);

-- What people said on the labelling page, by a hash of the answer, which tells whether two said the same. The answer itself is feedback, under the id
-- that stands here, but for ties and for what was skipped.
CREATE TABLE label (
    id       uuid PRIMARY KEY,
    use_case uuid NOT NULL REFERENCES use_case,
    trace    uuid NOT NULL REFERENCES trace ON DELETE CASCADE,
    person   text NOT NULL CHECK (person <> ''),
    kind     text NOT NULL CHECK (kind IN ('demonstration', 'preference', 'tie', 'skip')),
    answer   text NOT NULL,
    feedback text,
    shown    jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(shown) = 'object'),
    at       timestamptz NOT NULL,
    undone   timestamptz
);

CREATE INDEX label_use_case ON label (use_case, id);
CREATE INDEX label_trace ON label (trace);

-- What somebody says of a call stands once, until they take it back.
CREATE UNIQUE INDEX label_once ON label (trace, person) WHERE undone IS NULL;
