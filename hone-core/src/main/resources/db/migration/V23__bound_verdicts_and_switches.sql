-- What a verdict of the gates stands for: the gates (a hash of what the charter declares), the weights that were judged, and the version that
-- was live then. Of verdicts before this nothing is known, and they open no way to users.
ALTER TABLE gate_verdict ADD COLUMN gates text CHECK (gates ~ '^[0-9a-f]{64}$');
ALTER TABLE gate_verdict ADD COLUMN artifact text CHECK (artifact ~ '^[0-9a-f]{64}$');
ALTER TABLE gate_verdict ADD COLUMN baseline uuid;

-- That somebody took the calls of a use case's live version away, or gave them back: the newest by its time holds for all gateways. Rows are
-- never changed or removed.
CREATE TABLE live_switch (
    id       uuid PRIMARY KEY,
    use_case uuid NOT NULL REFERENCES use_case,
    off      boolean NOT NULL,
    who      text NOT NULL CHECK (who <> ''),
    at       timestamptz NOT NULL
);

CREATE INDEX live_switch_use_case ON live_switch (use_case, at, id);

CREATE TRIGGER immutable BEFORE UPDATE ON live_switch FOR EACH ROW EXECUTE FUNCTION refuse_update();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON live_switch FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON rollout_decision FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
CREATE TRIGGER kept BEFORE DELETE OR TRUNCATE ON forgotten_dataset FOR EACH STATEMENT EXECUTE FUNCTION refuse_removal();
