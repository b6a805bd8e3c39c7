-- +goose Up
-- What projects must be checked against (管控图层).
CREATE TABLE control_kinds (
    kind    text PRIMARY KEY,
    name_zh text NOT NULL,
    name_en text NOT NULL
);

-- A layer. What it says is in its versions, one for each delivery; this row
-- points at the last one and at the one that is published.
CREATE TABLE control_layers (
    code      text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_-]{0,63}$'),
    kind      text NOT NULL REFERENCES control_kinds,
    version   integer NOT NULL CHECK (version > 0),
    published integer CHECK (published <= version)   -- null: not published
);

CREATE TABLE control_versions (
    layer         text NOT NULL REFERENCES control_layers,
    version       integer NOT NULL CHECK (version > 0),
    name_zh       text NOT NULL CHECK (name_zh <> ''),
    name_en       text NOT NULL,
    source        text NOT NULL DEFAULT '',
    document_no   text NOT NULL DEFAULT '',
    valid_from    date NOT NULL,
    valid_to      date,                              -- the last day; null: until something takes its place
    demonstration boolean NOT NULL DEFAULT false,    -- drawn for show, not surveyed
    filename      text NOT NULL,
    sha256        bytea NOT NULL,
    raw           bytea,                             -- the file itself
    recorded_at   timestamptz NOT NULL,
    digest        bytea NOT NULL,                    -- SHA-256 of what the layer and its features say
    PRIMARY KEY (layer, version),
    CONSTRAINT control_days_ordered CHECK (valid_from <= valid_to)
);

-- The pointers and the versions that they point at.
ALTER TABLE control_layers
    ADD CONSTRAINT control_current_version FOREIGN KEY (code, version)
        REFERENCES control_versions (layer, version) DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT control_published_version FOREIGN KEY (code, published)
        REFERENCES control_versions (layer, version) DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE control_features (
    id         bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    layer      text NOT NULL,
    version    integer NOT NULL,
    code       text NOT NULL DEFAULT '',             -- 要素编号
    name       text NOT NULL DEFAULT '',
    attributes jsonb NOT NULL DEFAULT '{}',
    geom       geometry(MultiPolygon, 4490) NOT NULL
        CONSTRAINT control_boundary_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
    area_m2           double precision NOT NULL GENERATED ALWAYS AS
        (ST_Area(ST_SnapToGrid(ST_Transform(geom, 4547), 0.001))) STORED,
    area_ellipsoid_m2 double precision NOT NULL GENERATED ALWAYS AS
        (ST_Area(geom::geography)) STORED,
    FOREIGN KEY (layer, version) REFERENCES control_versions
);
CREATE INDEX control_features_geom ON control_features USING gist (geom);
CREATE INDEX control_features_version ON control_features (layer, version);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON control_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON control_features
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- The layer that a change imported, published or withdrew.
ALTER TABLE changes
    ADD COLUMN control text,
    ADD COLUMN control_version integer,
    ADD CONSTRAINT change_control FOREIGN KEY (control, control_version) REFERENCES control_versions (layer, version),
    ADD CONSTRAINT change_control_whole CHECK ((control IS NULL) = (control_version IS NULL));
CREATE INDEX changes_control ON changes (seq) WHERE control IS NOT NULL;

-- +goose Down
ALTER TABLE changes DROP COLUMN control, DROP COLUMN control_version;
DROP TABLE control_features;
ALTER TABLE control_layers DROP CONSTRAINT control_current_version, DROP CONSTRAINT control_published_version;
DROP TABLE control_versions, control_layers, control_kinds;
