-- Use cases, by name, whose calls a key may make; none for all of its project, and for servers' models.

ALTER TABLE api_key ADD COLUMN use_cases text[] NOT NULL DEFAULT '{}';
