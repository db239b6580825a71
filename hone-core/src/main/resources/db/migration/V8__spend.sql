-- What the calls of each key cost in each month (its first day, UTC): budgets are looked up here. Kept together with the calls.

CREATE TABLE key_spend (
    api_key  uuid NOT NULL,
    month    date NOT NULL CHECK (extract(day FROM month) = 1),
    currency text NOT NULL,
    amount   numeric NOT NULL CHECK (amount >= 0),
    PRIMARY KEY (api_key, month, currency)
);
