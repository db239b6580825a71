-- Versions on their way to the calls of users, one at a time in a use case, and what was decided about each on what evidence. What calls
-- follow stands in a file beside the gateway, so that it does not wait for this; what was decided meanwhile comes here later.

-- Versions by number and hash, and no references: the history outlives a version that is deleted.
CREATE TABLE rollout (
    id                uuid PRIMARY KEY,
    use_case          uuid NOT NULL REFERENCES use_case,
    version           uuid NOT NULL,
    number            integer NOT NULL CHECK (number > 0),
    artifact          text NOT NULL CHECK (artifact ~ '^[0-9a-f]{64}$'),
    baseline          uuid,
    baseline_number   integer,
    baseline_artifact text CHECK (baseline_artifact ~ '^[0-9a-f]{64}$'),
    phase             text NOT NULL DEFAULT 'waiting'
                      CHECK (phase IN ('waiting', 'shadow', 'canary', 'ready', 'promoted', 'rolled-back', 'stopped')),
    step              integer NOT NULL DEFAULT 0 CHECK (step >= 0),
    held              boolean NOT NULL DEFAULT false,
    since             timestamptz NOT NULL,
    stages            json NOT NULL DEFAULT '[]' CHECK (json_typeof(stages) = 'array'),
    alarms            json NOT NULL DEFAULT '[]' CHECK (json_typeof(alarms) = 'array'),
    who               text NOT NULL CHECK (who <> ''),
    created           timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(baseline, baseline_number, baseline_artifact) IN (0, 3))
);

CREATE UNIQUE INDEX rollout_going_on ON rollout (use_case) WHERE phase IN ('waiting', 'shadow', 'canary', 'ready');
CREATE INDEX rollout_use_case ON rollout (use_case, id);

-- What was done, and what stood against it or for it; rows are never changed.
CREATE TABLE rollout_decision (
    id       uuid PRIMARY KEY,
    rollout  uuid NOT NULL REFERENCES rollout,
    at       timestamptz NOT NULL,
    phase    text NOT NULL,
    step     integer NOT NULL,
    action   text NOT NULL CHECK (action <> ''),
    who      text NOT NULL CHECK (who <> ''),
    reason   text NOT NULL,
    evidence json NOT NULL CHECK (json_typeof(evidence) = 'object')
);

CREATE INDEX rollout_decision_rollout ON rollout_decision (rollout, id);

-- What was known at some moments, for a plot.
CREATE TABLE rollout_look (
    rollout  uuid NOT NULL REFERENCES rollout,
    at       timestamptz NOT NULL,
    evidence json NOT NULL CHECK (json_typeof(evidence) = 'object'),
    PRIMARY KEY (rollout, at)
);

-- What a grader said of an answer; null where it could not judge it.
CREATE TABLE rollout_grade (
    rollout uuid NOT NULL REFERENCES rollout,
    trace   uuid NOT NULL,
    score   double precision CHECK (score BETWEEN 0 AND 1),
    reason  text NOT NULL,
    graded  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (rollout, trace)
);

-- A version that is being rolled out, or that others are compared with, is not deleted.
CREATE FUNCTION refuse_deletion_in_rollout() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM rollout
                WHERE use_case = OLD.use_case AND phase IN ('waiting', 'shadow', 'canary', 'ready') AND OLD.id IN (version, baseline)) THEN
        RAISE EXCEPTION 'version [%] is being rolled out', OLD.number USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER in_rollout BEFORE DELETE ON model_version FOR EACH ROW EXECUTE FUNCTION refuse_deletion_in_rollout();
CREATE TRIGGER immutable BEFORE UPDATE ON rollout_decision FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER immutable BEFORE UPDATE ON rollout_grade FOR EACH ROW EXECUTE FUNCTION refuse_update();
