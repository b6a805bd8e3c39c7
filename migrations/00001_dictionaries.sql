-- +goose Up
CREATE EXTENSION IF NOT EXISTS postgis;

-- Land-use classifications (用地分类). A code means something only in its scheme.
CREATE TABLE land_use_schemes (
    scheme   text PRIMARY KEY,
    name_zh  text NOT NULL
);

CREATE TABLE land_uses (
    scheme   text NOT NULL REFERENCES land_use_schemes,
    code     text NOT NULL,
    parent   text,                       -- in the same scheme, or in GB50137-2011 for a local code
    level    smallint NOT NULL CHECK (level BETWEEN 1 AND 3),
    name_zh  text NOT NULL,
    name_en  text NOT NULL,
    color    text CHECK (color ~ '^#[0-9A-F]{6}$'),  -- null where no source names one
    PRIMARY KEY (scheme, code)
);

CREATE TABLE land_use_crossings (
    code      text NOT NULL,
    code_2023 text NOT NULL,
    relation  text NOT NULL CHECK (relation IN ('exact', 'one-to-many', 'many-to-one')),
    note      text NOT NULL,
    PRIMARY KEY (code, code_2023)
);

CREATE TABLE statuses (
    status  text PRIMARY KEY,
    name_zh text NOT NULL,
    name_en text NOT NULL
);

-- +goose Down
DROP TABLE statuses, land_use_crossings, land_uses, land_use_schemes;
