-- Who gave a round up. One that could not be gone on with has ended by itself, and has nobody.
ALTER TABLE loop_round ADD COLUMN given_up_by text CHECK (given_up_by <> '');
UPDATE loop_round SET given_up_by = who WHERE outcome = 'abandoned';

-- Work on rounds by one process, from its beginning to its end or death: what it took counts, whatever came of it. Both times are of the store's clock.
CREATE TABLE loop_attempt (
    id       uuid PRIMARY KEY,
    use_case uuid NOT NULL REFERENCES use_case,
    began    timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen     timestamptz NOT NULL DEFAULT clock_timestamp(),
    CHECK (seen >= began)
);

CREATE INDEX loop_attempt_use_case ON loop_attempt (use_case, seen);

INSERT INTO loop_attempt (id, use_case, began, seen)
SELECT gen_random_uuid(), r.use_case, s.finished - make_interval(secs => s.seconds), s.finished
  FROM loop_step s JOIN loop_round r ON r.id = s.round;

-- Calls of the sample that were drawn by chance to judge versions by, when they were taken in: experts are asked about them whatever they are worth. Of calls
-- that were taken in before there was a draw none is.
ALTER TABLE watched_call ADD COLUMN drawn boolean NOT NULL DEFAULT false CHECK (sampled OR NOT drawn);
