-- What gates said of model versions, and on what; and datasets whose rows somebody wished to be forgotten. Rows are never changed.

-- Use case and number, and no reference: what was said outlives a version that is deleted.
CREATE TABLE gate_verdict (
    id         uuid PRIMARY KEY,
    use_case   uuid NOT NULL REFERENCES use_case,
    number     integer NOT NULL CHECK (number > 0),
    version    uuid NOT NULL,
    evaluation uuid REFERENCES evaluation,
    passed     boolean NOT NULL,
    evidence   json NOT NULL CHECK (json_typeof(evidence) = 'object'),
    who        text NOT NULL CHECK (who <> ''),
    created    timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX gate_verdict_version ON gate_verdict (version, id);

-- A dataset that held rows that were forgotten: its own rows are gone, its hash and counts are known still. What is left of it is another
-- dataset; null where nothing is. The training file is the SHA-256 of what was exported for training, by which a run is known again.
CREATE TABLE forgotten_dataset (
    dataset       uuid PRIMARY KEY REFERENCES dataset,
    rebuilt       uuid REFERENCES dataset CHECK (rebuilt <> dataset),
    train         integer NOT NULL CHECK (train >= 0),
    validation    integer NOT NULL CHECK (validation >= 0),
    test          integer NOT NULL CHECK (test >= 0),
    training_file text NOT NULL CHECK (training_file ~ '^[0-9a-f]{64}$'),
    who           text NOT NULL CHECK (who <> ''),
    forgotten     timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX forgotten_dataset_rebuilt ON forgotten_dataset (rebuilt);
CREATE INDEX dataset_task_task ON dataset_task (task);
CREATE INDEX run_dataset ON run (dataset);
CREATE INDEX model_version_parent ON model_version (parent);

CREATE TRIGGER immutable BEFORE UPDATE ON gate_verdict FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON gate_verdict FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER immutable BEFORE UPDATE ON forgotten_dataset FOR EACH ROW EXECUTE FUNCTION refuse_update();
