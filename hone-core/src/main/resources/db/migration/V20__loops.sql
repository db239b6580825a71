-- Rounds of the loop: why each was begun, which of its steps are done and what came of them, and how it ended. What goes on is found again by its
-- home, which has its files; the database lets one go on at a time for a use case, whichever machine it is on.

CREATE TABLE loop_round (
    id       uuid PRIMARY KEY,
    use_case uuid NOT NULL REFERENCES use_case,
    why      text NOT NULL CHECK (why <> ''),
    who      text NOT NULL CHECK (who <> ''),
    home     text NOT NULL,
    begun    timestamptz NOT NULL DEFAULT now(),
    ended    timestamptz,
    outcome  text CHECK (outcome IN ('rollout', 'passed', 'not-passed', 'abandoned')),
    reason   text,
    version  integer,
    CHECK ((ended IS NULL) = (outcome IS NULL))
);

CREATE UNIQUE INDEX loop_round_going ON loop_round (use_case) WHERE ended IS NULL;
CREATE INDEX loop_round_use_case ON loop_round (use_case, id);

CREATE TABLE loop_step (
    round    uuid NOT NULL REFERENCES loop_round ON DELETE CASCADE,
    step     text NOT NULL,
    result   json NOT NULL CHECK (json_typeof(result) = 'object'),
    seconds  double precision NOT NULL CHECK (seconds >= 0),
    finished timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (round, step)
);

CREATE TRIGGER immutable BEFORE UPDATE ON loop_step FOR EACH ROW EXECUTE FUNCTION refuse_update();
