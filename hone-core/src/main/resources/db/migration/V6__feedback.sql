-- Feedback on traces and on episodes, as products give it, beside the demonstrations that were imported. The score is what a value counts
-- as: 0 or 1 of a boolean, a number as it is.

ALTER TABLE feedback
    ALTER COLUMN trace DROP NOT NULL,
    ADD COLUMN project     uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000000' REFERENCES project,
    ADD COLUMN use_case    uuid REFERENCES use_case,
    ADD COLUMN episode     text,
    ADD COLUMN name        text,
    ADD COLUMN score       double precision,
    ADD COLUMN author      text,
    ADD COLUMN occurred    timestamptz,
    ADD COLUMN caller_id   text,
    ADD COLUMN fingerprint text CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
    ADD COLUMN api_key     uuid;

UPDATE feedback SET name = kind, use_case = t.use_case, project = t.project FROM trace t WHERE t.id = trace;

ALTER TABLE feedback
    ALTER COLUMN name SET NOT NULL,
    ADD CONSTRAINT feedback_target CHECK (num_nonnulls(trace, episode) = 1 AND (episode IS NULL OR use_case IS NOT NULL)),
    ADD CONSTRAINT feedback_caller CHECK (caller_id IS NULL OR fingerprint IS NOT NULL);

-- What a caller calls it, it is once.
CREATE UNIQUE INDEX feedback_caller_id ON feedback (project, caller_id) WHERE caller_id IS NOT NULL;
CREATE INDEX feedback_episode ON feedback (use_case, episode) WHERE episode IS NOT NULL;
