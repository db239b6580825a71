-- Months whose traces retention has taken away. Their sums by day stay, so that a call of such a month that comes back would count twice.

CREATE TABLE dropped_month (
    month   date PRIMARY KEY CHECK (extract(day FROM month) = 1),
    dropped timestamptz NOT NULL DEFAULT now()
);

-- Of those that went before this was written down there are sums, and no table.
INSERT INTO dropped_month (month)
SELECT DISTINCT date_trunc('month', day)::date
  FROM usage_day
 WHERE to_regclass('trace_' || to_char(day, 'YYYY_MM')) IS NULL;
