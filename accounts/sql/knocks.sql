-- Who knocked how often where people sign in, and which codes of a second factor were used: Django's cache of that name
-- (docs/adr/0038). Unlogged, because it is worth nothing after a crash and is written at every knock.
CREATE UNLOGGED TABLE accounts_knock (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX accounts_knock_expires ON accounts_knock (expires);
