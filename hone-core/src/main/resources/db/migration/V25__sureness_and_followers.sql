-- How probable an answer was to the model of Hone's own that gave it: the logarithm of the probability of the answer as a whole, and how many tokens it has.
-- What is there has neither, so that nothing has to be looked through while nobody else may read or write: NOT VALID.
ALTER TABLE attempt
    ADD COLUMN logprob double precision,
    ADD COLUMN answer_tokens integer,
    ADD CONSTRAINT attempt_logprob_is_one CHECK (logprob <= 0 AND logprob > '-Infinity') NOT VALID,
    ADD CONSTRAINT attempt_answer_has_tokens CHECK (answer_tokens > 0) NOT VALID,
    ADD CONSTRAINT attempt_logprob_is_of_tokens CHECK ((logprob IS NULL) = (answer_tokens IS NULL)) NOT VALID;

-- What each gateway, by the name of its journal, followed last, and when it said so last, by the store's clock.
CREATE TABLE configuration_followed (
    gateway       uuid PRIMARY KEY,
    configuration text NOT NULL REFERENCES configuration,
    at            timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE INDEX configuration_followed_configuration ON configuration_followed (configuration, at);
