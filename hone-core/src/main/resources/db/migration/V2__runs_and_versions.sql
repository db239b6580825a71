-- What was trained, how it was judged, and what is in use. Rows of these tables are never changed, but for use_case.versions and
-- alias. Text that a model wrote may hold U+0000, which PostgreSQL's text cannot: U+2400 stands for it.

CREATE FUNCTION refuse_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of [%] are never changed', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$;

-- The highest number that a version was given; numbers are never given twice.
ALTER TABLE use_case ADD COLUMN versions integer NOT NULL DEFAULT 0;

CREATE TABLE grader (
    id         uuid PRIMARY KEY,
    use_case   uuid NOT NULL REFERENCES use_case,
    name       text NOT NULL CHECK (name <> ''),
    kind       text NOT NULL CHECK (kind <> ''),
    definition jsonb NOT NULL CHECK (jsonb_typeof(definition) = 'object'),
    hash       text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    created    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (use_case, name, hash)
);

CREATE TABLE run (
    id              uuid PRIMARY KEY,
    use_case        uuid NOT NULL REFERENCES use_case,
    manifest_hash   text NOT NULL CHECK (manifest_hash ~ '^[0-9a-f]{64}$'),
    data_hash       text NOT NULL,
    dataset         uuid REFERENCES dataset,
    examples        integer NOT NULL CHECK (examples >= 0),
    base_model      text NOT NULL,
    base_model_hash text NOT NULL,
    settings        jsonb NOT NULL CHECK (jsonb_typeof(settings) = 'object'),
    training        jsonb NOT NULL CHECK (jsonb_typeof(training) = 'object'),
    versions        jsonb NOT NULL CHECK (jsonb_typeof(versions) = 'object'),
    finished        timestamptz NOT NULL,
    created         timestamptz NOT NULL DEFAULT now(),
    UNIQUE (use_case, manifest_hash)
);

CREATE TABLE metric (
    run     uuid NOT NULL REFERENCES run ON DELETE CASCADE,
    step    bigint NOT NULL CHECK (step > 0),
    figures jsonb NOT NULL CHECK (jsonb_typeof(figures) = 'object'),
    PRIMARY KEY (run, step)
);

CREATE TABLE sample (
    run    uuid NOT NULL REFERENCES run ON DELETE CASCADE,
    step   bigint NOT NULL CHECK (step > 0),
    place  integer NOT NULL CHECK (place >= 0),
    task   text NOT NULL,
    output text NOT NULL,
    reward double precision NOT NULL,
    reason text NOT NULL,
    tokens integer NOT NULL CHECK (tokens >= 0),
    ended  text NOT NULL,
    PRIMARY KEY (run, step, place)
);

CREATE TABLE model_version (
    id       uuid PRIMARY KEY,
    use_case uuid NOT NULL REFERENCES use_case,
    number   integer NOT NULL CHECK (number > 0),
    run      uuid NOT NULL UNIQUE REFERENCES run,
    artifact text NOT NULL CHECK (artifact ~ '^[0-9a-f]{64}$'),
    parent   uuid REFERENCES model_version CHECK (parent <> id),
    created  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (use_case, number),
    UNIQUE (use_case, artifact),
    UNIQUE (use_case, id)
);

CREATE INDEX model_version_artifact ON model_version (artifact);

CREATE TABLE evaluation (
    id           uuid PRIMARY KEY,
    use_case     uuid NOT NULL REFERENCES use_case,
    content_hash text NOT NULL CHECK (content_hash ~ '^[0-9a-f]{64}$'),
    data_hash    text NOT NULL,
    seed         bigint NOT NULL,
    grader       uuid REFERENCES grader,
    report       json NOT NULL CHECK (json_typeof(report) = 'object'),
    created      timestamptz NOT NULL DEFAULT now(),
    UNIQUE (use_case, content_hash),
    UNIQUE (use_case, id)
);

-- One report judges several versions, and a version is judged by several reports.
CREATE TABLE evaluation_version (
    use_case   uuid NOT NULL,
    evaluation uuid NOT NULL,
    version    uuid NOT NULL,
    PRIMARY KEY (version, evaluation),
    FOREIGN KEY (use_case, evaluation) REFERENCES evaluation (use_case, id) ON DELETE CASCADE,
    FOREIGN KEY (use_case, version) REFERENCES model_version (use_case, id)
);

CREATE TABLE alias (
    use_case uuid NOT NULL,
    name     text NOT NULL CHECK (name ~ '^[a-z][a-z0-9-]{0,62}$'),
    version  uuid NOT NULL,
    changed  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (use_case, name),
    FOREIGN KEY (use_case, version) REFERENCES model_version (use_case, id)
);

-- Numbers, not references: the history outlives a version that is deleted.
CREATE TABLE alias_change (
    id            uuid PRIMARY KEY,
    use_case      uuid NOT NULL REFERENCES use_case,
    name          text NOT NULL,
    number_before integer,
    number_after  integer,
    who           text NOT NULL CHECK (who <> ''),
    changed       timestamptz NOT NULL DEFAULT now(),
    CHECK (number_before IS DISTINCT FROM number_after)
);

CREATE INDEX alias_change_name ON alias_change (use_case, name);

CREATE TRIGGER immutable BEFORE UPDATE ON grader FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER immutable BEFORE UPDATE ON run FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER immutable BEFORE UPDATE ON metric FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER immutable BEFORE UPDATE ON sample FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER immutable BEFORE UPDATE ON model_version FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER immutable BEFORE UPDATE ON evaluation FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER immutable BEFORE UPDATE ON evaluation_version FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER immutable BEFORE UPDATE ON alias_change FOR EACH ROW EXECUTE FUNCTION refuse_update();
