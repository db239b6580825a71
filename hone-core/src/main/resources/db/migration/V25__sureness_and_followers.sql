-- How probable an answer was to the model of Hone's own that gave it: the logarithm of the probability of the answer as a whole, and how many tokens it has.
ALTER TABLE attempt ADD COLUMN logprob double precision CHECK (logprob <= 0 AND logprob > '-Infinity');
ALTER TABLE attempt ADD COLUMN answer_tokens integer CHECK (answer_tokens > 0);
ALTER TABLE attempt ADD CHECK ((logprob IS NULL) = (answer_tokens IS NULL));

-- What each gateway, by the name of its journal, followed last, and when it said so last, by the store's clock.
CREATE TABLE configuration_followed (
    gateway       uuid PRIMARY KEY,
    configuration text NOT NULL REFERENCES configuration,
    at            timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX configuration_followed_configuration ON configuration_followed (configuration, at);
