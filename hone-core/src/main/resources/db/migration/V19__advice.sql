-- What hone advise said of a project's use cases: figures, words and identifiers of traces, no texts of calls.

CREATE TABLE advice (
    id      uuid PRIMARY KEY,
    project uuid NOT NULL REFERENCES project,
    report  json NOT NULL CHECK (json_typeof(report) = 'object'),
    created timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX advice_project ON advice (project, id);
CREATE TRIGGER immutable BEFORE UPDATE ON advice FOR EACH ROW EXECUTE FUNCTION refuse_update();
