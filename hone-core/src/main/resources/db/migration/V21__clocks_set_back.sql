-- Days of which some calls have identifiers of another time: those that a process makes never go back, and its clock may have been set
-- back. A walk by identifiers that looks for calls of such a day is widened by as much as they are apart at most.

CREATE TABLE id_time_apart (
    day     date PRIMARY KEY,
    most_ms bigint NOT NULL CHECK (most_ms > 0)
);

INSERT INTO id_time_apart (day, most_ms)
SELECT (occurred AT TIME ZONE 'UTC')::date,
       ceil(max(abs(extract(epoch FROM id_time(id)) - extract(epoch FROM occurred))) * 1000)::bigint
  FROM trace
 WHERE route IS NOT NULL AND occurred IS NOT NULL
   AND (id_time(id) > occurred + interval '60 seconds' OR id_time(id) < occurred - interval '60 seconds')
 GROUP BY 1;
