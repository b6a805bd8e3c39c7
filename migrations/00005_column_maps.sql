-- +goose Up
-- How the columns of a source's files are read, as its last import was asked for.
CREATE TABLE column_maps (
    source text PRIMARY KEY CHECK (source <> ''),
    map    jsonb NOT NULL
);

-- +goose Down
DROP TABLE column_maps;
