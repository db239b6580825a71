-- A use case's name is unique within its project, and not within all of them: what another project calls its jobs is no business of this one.

ALTER TABLE use_case DROP CONSTRAINT use_case_name_key;
ALTER TABLE use_case ADD CONSTRAINT use_case_project_name_key UNIQUE (project, name);
CREATE INDEX use_case_name ON use_case (name);

-- Calls of a use case whose name another project had are without one so far. A server's model has a slash in its route, and a use case none.
INSERT INTO use_case (id, name, project)
SELECT gen_random_uuid(), route, project
  FROM (SELECT DISTINCT project, route FROM trace WHERE use_case IS NULL AND route ~ '^[a-z0-9][a-z0-9-]{0,62}$') AS missing
ON CONFLICT (project, name) DO NOTHING;

UPDATE trace t SET use_case = u.id
  FROM use_case u
 WHERE t.use_case IS NULL AND t.route = u.name AND t.project = u.project;

UPDATE feedback f SET use_case = t.use_case
  FROM trace t
 WHERE f.use_case IS NULL AND f.trace = t.id AND t.use_case IS NOT NULL;
