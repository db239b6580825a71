-- What calls and feedback come to in a day (UTC), by whom they belong to, the way that they took and who answered: kept in the transactions
-- that store them, and there when traces are gone. The way is a use case's name, or SERVER/MODEL. Copies for shadows are rows of their own.

CREATE FUNCTION trace_day(id uuid, occurred timestamptz) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT (coalesce(occurred, id_time(id)) AT TIME ZONE 'UTC')::date
$$;

-- Eight buckets for each doubling from 1 ms to 2^20 ms: 0 is less, 1 begins at 1 ms, 9 at 2 ms, 161 at 2^20 ms.
CREATE FUNCTION time_bucket(ms double precision) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN ms < 1 THEN 0 ELSE least(161, 1 + floor(8 * ln(ms) / ln(2::double precision)))::integer END
$$;

CREATE TABLE usage_day (
    project           uuid NOT NULL,
    day               date NOT NULL,
    route             text NOT NULL,
    variant           text NOT NULL,
    shadow            boolean NOT NULL,
    calls             bigint NOT NULL,
    refused           bigint NOT NULL,
    broken            bigint NOT NULL,
    abandoned         bigint NOT NULL,
    retries           bigint NOT NULL,
    counted           bigint NOT NULL,
    prompt_tokens     bigint NOT NULL,
    cached_tokens     bigint NOT NULL,
    completion_tokens bigint NOT NULL,
    priced            bigint NOT NULL,
    PRIMARY KEY (project, day, route, variant, shadow)
);

CREATE TABLE spend_day (
    project  uuid NOT NULL,
    day      date NOT NULL,
    route    text NOT NULL,
    variant  text NOT NULL,
    shadow   boolean NOT NULL,
    currency text NOT NULL,
    amount   numeric NOT NULL,
    PRIMARY KEY (project, day, route, variant, shadow, currency)
);

CREATE TABLE time_day (
    project uuid NOT NULL,
    day     date NOT NULL,
    route   text NOT NULL,
    variant text NOT NULL,
    shadow  boolean NOT NULL,
    measure text NOT NULL CHECK (measure IN ('whole', 'first_byte')),
    bucket  smallint NOT NULL CHECK (bucket BETWEEN 0 AND 161),
    calls   bigint NOT NULL,
    PRIMARY KEY (project, day, route, variant, shadow, measure, bucket)
);

-- By the day of the call that it is about, or of its episode's first.
CREATE TABLE feedback_day (
    project uuid NOT NULL,
    day     date NOT NULL,
    route   text NOT NULL,
    variant text NOT NULL,
    name    text NOT NULL,
    kind    text NOT NULL,
    given   bigint NOT NULL,
    score   numeric NOT NULL,
    PRIMARY KEY (project, day, route, variant, name, kind)
);

-- Calls that are new. Rows are locked in the order of their keys, so that gateways do not wait for each other in a circle.
CREATE FUNCTION book_calls(ids uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO usage_day AS u
    SELECT t.project, trace_day(t.id, t.occurred) AS day, t.route, t.variant, t.shadow_of IS NOT NULL AS shadow, count(*),
           count(*) FILTER (WHERE t.ended = 'refused'), count(*) FILTER (WHERE t.ended = 'broken'),
           count(*) FILTER (WHERE t.ended = 'abandoned'),
           coalesce(sum((SELECT greatest(count(*) - 1, 0) FROM attempt a WHERE a.trace = t.id)), 0),
           count(*) FILTER (WHERE num_nonnulls(t.prompt_tokens, t.completion_tokens) > 0),
           coalesce(sum(t.prompt_tokens), 0), coalesce(sum(t.cached_tokens), 0), coalesce(sum(t.completion_tokens), 0), count(t.cost)
      FROM trace t
     WHERE t.id = ANY (ids) AND t.route IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5
     ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (project, day, route, variant, shadow) DO UPDATE
       SET calls = u.calls + excluded.calls, refused = u.refused + excluded.refused, broken = u.broken + excluded.broken,
           abandoned = u.abandoned + excluded.abandoned, retries = u.retries + excluded.retries, counted = u.counted + excluded.counted,
           prompt_tokens = u.prompt_tokens + excluded.prompt_tokens, cached_tokens = u.cached_tokens + excluded.cached_tokens,
           completion_tokens = u.completion_tokens + excluded.completion_tokens, priced = u.priced + excluded.priced;

    INSERT INTO spend_day AS s
    SELECT t.project, trace_day(t.id, t.occurred), t.route, t.variant, t.shadow_of IS NOT NULL, t.currency, sum(t.cost)
      FROM trace t
     WHERE t.id = ANY (ids) AND t.route IS NOT NULL AND t.cost IS NOT NULL AND t.currency IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5, 6
     ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (project, day, route, variant, shadow, currency) DO UPDATE SET amount = s.amount + excluded.amount;

    INSERT INTO time_day AS d
    SELECT t.project, trace_day(t.id, t.occurred), t.route, t.variant, t.shadow_of IS NOT NULL, m.measure, time_bucket(m.ms), count(*)
      FROM trace t CROSS JOIN LATERAL (VALUES ('whole', t.ms), ('first_byte', t.first_byte_ms)) AS m (measure, ms)
     WHERE t.id = ANY (ids) AND t.route IS NOT NULL AND m.ms IS NOT NULL
     GROUP BY 1, 2, 3, 4, 5, 6, 7
     ORDER BY 1, 2, 3, 4, 5, 6, 7
    ON CONFLICT (project, day, route, variant, shadow, measure, bucket) DO UPDATE SET calls = d.calls + excluded.calls;
$$;

ALTER TABLE feedback ADD COLUMN day date, ADD COLUMN route text, ADD COLUMN variant text;

UPDATE feedback f
   SET day = trace_day(t.id, t.occurred), route = coalesce(t.route, u.name, ''), variant = coalesce(t.variant, '')
  FROM trace t LEFT JOIN use_case u ON u.id = t.use_case
 WHERE t.id = coalesce(f.trace, (SELECT first.id FROM trace first
                                  WHERE first.episode = f.episode AND first.use_case = f.use_case AND first.project = f.project
                                    AND first.shadow_of IS NULL
                                  ORDER BY first.id LIMIT 1));

ALTER TABLE feedback
    ALTER COLUMN day SET NOT NULL,
    ALTER COLUMN route SET NOT NULL,
    ALTER COLUMN variant SET NOT NULL;

-- Feedback that is new.
CREATE FUNCTION book_feedback(ids uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO feedback_day AS d
    SELECT project, day, route, variant, name, kind, count(*), coalesce(sum(score::numeric), 0)
      FROM feedback
     WHERE id = ANY (ids)
     GROUP BY 1, 2, 3, 4, 5, 6
     ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (project, day, route, variant, name, kind) DO UPDATE SET given = d.given + excluded.given, score = d.score + excluded.score;
$$;

SELECT book_calls(ids)
  FROM (SELECT array_agg(id) AS ids FROM trace WHERE route IS NOT NULL GROUP BY date_trunc('month', id_time(id), 'UTC')) AS months;
SELECT book_feedback(array(SELECT id FROM feedback));
