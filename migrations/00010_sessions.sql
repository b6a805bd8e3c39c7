-- +goose Up
-- Sign-ins of the page. A session stands for the key that it was opened with.
CREATE TABLE sessions (
    sha256     bytea PRIMARY KEY,           -- of the secret that the browser holds
    key        bigint NOT NULL REFERENCES access_keys (id) ON DELETE CASCADE,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- +goose Down
DROP TABLE sessions;
