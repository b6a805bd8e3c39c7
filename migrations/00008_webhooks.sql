-- +goose Up
-- Searches that the holder of a key keeps under a name.
CREATE TABLE saved_searches (
    id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    owner      bigint NOT NULL REFERENCES access_keys,
    name       text NOT NULL,
    query      text NOT NULL,              -- parameters of /api/v1/plots, percent-encoded
    created_at timestamptz NOT NULL,
    CONSTRAINT saved_search_name_unique UNIQUE (owner, name)
);

-- Addresses that are told of changes. seq is the last change that was told, or
-- passed over because it is not asked for: an address is told of one change
-- after the other. Who tells holds the row until leased_until, or until he says
-- what came of it.
CREATE TABLE webhooks (
    id           bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    owner        bigint NOT NULL REFERENCES access_keys,
    url          text NOT NULL,
    park         text,                     -- only changes in it; null: in every one
    filter       text,                     -- CQL2: only changes of plots that match, or did before
    search       bigint CONSTRAINT webhook_search REFERENCES saved_searches, -- likewise
    secret       bytea NOT NULL,           -- signs what is sent, and so is kept as it is
    seq          bigint NOT NULL,
    failures     integer NOT NULL DEFAULT 0, -- since the last success
    last_error   text,
    next_at      timestamptz NOT NULL,     -- not before
    leased_until timestamptz,
    disabled_at  timestamptz,              -- until its holder resumes it
    delivered_at timestamptz,              -- the last success
    created_at   timestamptz NOT NULL
);
CREATE INDEX webhooks_due ON webhooks (next_at) WHERE disabled_at IS NULL;

-- +goose Down
DROP TABLE webhooks;
DROP TABLE saved_searches;
