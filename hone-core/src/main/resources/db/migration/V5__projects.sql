-- Projects, which never see each other's rows. What was there before belongs to the one that every installation has.

CREATE TABLE project (
    id      uuid PRIMARY KEY,
    name    text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    created timestamptz NOT NULL DEFAULT now()
);

INSERT INTO project (id, name) VALUES ('00000000-0000-7000-8000-000000000000', 'default');

ALTER TABLE use_case ADD COLUMN project uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000000' REFERENCES project;

-- Bounds of a key: what its calls of a month may cost, and how many there may be in a minute; null for no bound.
ALTER TABLE api_key
    ADD COLUMN project          uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000000' REFERENCES project,
    ADD COLUMN monthly_budget   numeric CHECK (monthly_budget >= 0),
    ADD COLUMN calls_per_minute integer CHECK (calls_per_minute > 0);

-- Tags are metadata. A call's cost is exact, in the currency of the configuration that made it, whose hash stands beside it. Who used the
-- product stands here as a keyed hash. A shadow is a copy that another variant answered, for nobody but us.
ALTER TABLE trace
    ADD COLUMN project       uuid NOT NULL DEFAULT '00000000-0000-7000-8000-000000000000',
    ADD COLUMN end_user      text,
    ADD COLUMN cost          numeric CHECK (cost >= 0),
    ADD COLUMN currency      text,
    ADD COLUMN configuration text CHECK (configuration ~ '^[0-9a-f]{64}$'),
    ADD COLUMN shadow_of     uuid;

ALTER TABLE attempt ADD COLUMN cost numeric CHECK (cost >= 0);

CREATE INDEX trace_project ON trace (project, id);
CREATE INDEX trace_metadata ON trace USING gin (metadata jsonb_path_ops);
CREATE INDEX trace_shadow ON trace (shadow_of) WHERE shadow_of IS NOT NULL;
