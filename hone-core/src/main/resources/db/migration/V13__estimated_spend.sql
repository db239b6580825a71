-- Of what counts against a key's budget, the part that is no cost but an estimate: of calls whose servers did not count their tokens.

ALTER TABLE key_spend ADD COLUMN estimated numeric NOT NULL DEFAULT 0 CHECK (estimated >= 0 AND estimated <= amount);
