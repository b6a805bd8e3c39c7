-- +goose Up
-- Keys are kept as hashes; the key itself is shown once, when it is made.
CREATE TABLE access_keys (
    id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    sha256     bytea NOT NULL UNIQUE,
    name       text NOT NULL,              -- who acts with it, as the audit trail says
    role       text NOT NULL CHECK (role IN ('visitor', 'applicant', 'officer', 'approver', 'admin')),
    park       text,                       -- null: every park
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz
);

-- +goose Down
DROP TABLE access_keys;
