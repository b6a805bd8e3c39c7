-- +goose Up
CREATE TABLE parks (
    code          text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_-]{0,31}$'),
    name_zh       text NOT NULL,
    name_en       text NOT NULL,
    district      text NOT NULL DEFAULT '',
    plane_srid    integer NOT NULL CHECK (plane_srid BETWEEN 4491 AND 4554),
    demonstration boolean NOT NULL DEFAULT false,   -- a drawn layout, not surveyed
    position      integer NOT NULL GENERATED ALWAYS AS IDENTITY,
    boundary      geometry(MultiPolygon, 4490) NOT NULL
        CONSTRAINT park_boundary_valid CHECK (ST_IsValid(boundary)),
    area_m2           double precision NOT NULL GENERATED ALWAYS AS
        (ST_Area(ST_SnapToGrid(ST_Transform(boundary, plane_srid), 0.001))) STORED,
    area_ellipsoid_m2 double precision NOT NULL GENERATED ALWAYS AS
        (ST_Area(boundary::geography)) STORED,
    UNIQUE (code, plane_srid)
);
CREATE INDEX parks_boundary ON parks USING gist (boundary);

-- What the construction plan (建设方案, 2016-2020) says of a park.
CREATE TABLE plan_parks (
    park               text PRIMARY KEY REFERENCES parks,
    land_mu            numeric NOT NULL CHECK (land_mu > 0),
    investment_100m    numeric NOT NULL,            -- 亿元
    output_100m        numeric NOT NULL,            -- 亿元
    positioning_zh     text NOT NULL,
    source             text NOT NULL
);

-- A plot (地块). Everything that can change is in its versions; this row points
-- at the one that holds now and keeps the number unique within the park.
CREATE TABLE plots (
    id      bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    park    text NOT NULL REFERENCES parks,
    plot_no text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    retired boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX plot_number_unique ON plots (park, plot_no) WHERE NOT retired;

CREATE TABLE plot_versions (
    plot_id          bigint NOT NULL REFERENCES plots,
    version          integer NOT NULL CHECK (version > 0),
    park             text NOT NULL,
    plane_srid       integer NOT NULL,
    plot_no          text NOT NULL CONSTRAINT plot_number_given CHECK (plot_no <> ''),
    retired          boolean NOT NULL DEFAULT false,  -- the plot ended with this version
    name             text NOT NULL DEFAULT '',
    land_use_scheme  text NOT NULL,
    land_use         text NOT NULL,
    land_use_others  text[] NOT NULL DEFAULT '{}',    -- of mixed use, in order
    land_use_2023    text,
    status           text NOT NULL CONSTRAINT plot_status_known REFERENCES statuses,
    holder           text NOT NULL DEFAULT '',
    stated_area_m2   double precision CHECK (stated_area_m2 >= 0),
    far_min          double precision CHECK (far_min BETWEEN 0 AND 15),
    far_max          double precision CHECK (far_max BETWEEN 0 AND 15),
    density_max_pct  double precision CHECK (density_max_pct BETWEEN 0 AND 100),
    green_min_pct    double precision CHECK (green_min_pct BETWEEN 0 AND 100),
    height_max_m     double precision CHECK (height_max_m BETWEEN 0 AND 600),
    gfa_max_m2       double precision CHECK (gfa_max_m2 >= 0),
    setbacks         text NOT NULL DEFAULT '',
    supply_mode      text NOT NULL DEFAULT '',
    supplied_on      date,
    valid_from       date NOT NULL,                   -- the legal day
    recorded_at      timestamptz NOT NULL,            -- the moment
    digest           bytea NOT NULL,                  -- SHA-256 of what was written of it
    geom             geometry(MultiPolygon, 4490) NOT NULL
        CONSTRAINT plot_boundary_valid CHECK (ST_IsValid(geom) AND NOT ST_IsEmpty(geom)),
    area_m2           double precision NOT NULL GENERATED ALWAYS AS
        (ST_Area(ST_SnapToGrid(ST_Transform(geom, plane_srid), 0.001))) STORED,
    area_ellipsoid_m2 double precision NOT NULL GENERATED ALWAYS AS
        (ST_Area(geom::geography)) STORED,
    PRIMARY KEY (plot_id, version),
    UNIQUE (plot_id, version, park, plot_no, retired),
    FOREIGN KEY (park, plane_srid) REFERENCES parks (code, plane_srid),
    CONSTRAINT plot_land_use_known FOREIGN KEY (land_use_scheme, land_use) REFERENCES land_uses,
    CONSTRAINT plot_far_ordered CHECK (far_min <= far_max)
);
CREATE INDEX plot_versions_geom ON plot_versions USING gist (geom);

-- The pointer and the version that it points at always say the same.
ALTER TABLE plots ADD CONSTRAINT plot_current_version
    FOREIGN KEY (id, version, park, plot_no, retired)
    REFERENCES plot_versions (plot_id, version, park, plot_no, retired)
    DEFERRABLE INITIALLY DEFERRED;

-- Files as they were handed in, with what became of them.
CREATE TABLE imports (
    id          bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    park        text NOT NULL,
    filename    text NOT NULL,
    sha256      bytea NOT NULL,
    raw         bytea,                    -- the file itself; not of an import that was refused or discarded
    actor       text NOT NULL,
    recorded_at timestamptz NOT NULL,
    request     jsonb NOT NULL,           -- how it was asked for
    state       text NOT NULL CHECK (state IN ('running', 'done', 'refused', 'failed', 'discarded')),
    result      jsonb NOT NULL            -- what it did, or the faults that refused it
);

-- One committed act on the register. seq is handed out under an advisory lock
-- held to the end of the transaction, so that seq order is commit order.
CREATE TABLE changes (
    seq         bigint PRIMARY KEY,
    kind        text NOT NULL,
    park        text REFERENCES parks,
    actor       text NOT NULL,
    reason      text NOT NULL DEFAULT '',
    case_no     text,
    import      bigint UNIQUE REFERENCES imports,
    recorded_at timestamptz NOT NULL,
    hash        bytea NOT NULL      -- SHA-256 over the hash before, this act and the digests of its versions
);

CREATE TABLE change_plots (
    seq     bigint NOT NULL REFERENCES changes,
    plot_id bigint NOT NULL,
    version integer NOT NULL,
    PRIMARY KEY (seq, plot_id),
    FOREIGN KEY (plot_id, version) REFERENCES plot_versions
);
CREATE INDEX change_plots_plot ON change_plots (plot_id);

-- Which plots a split, merge or adjustment made out of which (沿革).
CREATE TABLE lineage (
    parent bigint NOT NULL REFERENCES plots,
    child  bigint NOT NULL REFERENCES plots,
    seq    bigint NOT NULL REFERENCES changes,
    PRIMARY KEY (parent, child),
    CHECK (parent <> child)
);
CREATE INDEX lineage_child ON lineage (child);

-- History is never rewritten.
-- +goose StatementBegin
CREATE FUNCTION refuse_rewrite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'append_only';
END $$;
-- +goose StatementEnd
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON plot_versions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON changes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON change_plots
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON lineage
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- A boundary in a park's plane, on the 0.001 m grid that its points are given in.
CREATE FUNCTION in_plane(geom geometry, srid integer) RETURNS geometry
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT ST_SnapToGrid(ST_Transform(geom, srid), 0.001) $$;

-- The plots as they hold now.
CREATE VIEW current_plots AS
    SELECT v.*
    FROM plots p
    JOIN plot_versions v ON v.plot_id = p.id AND v.version = p.version
    WHERE NOT p.retired;

-- The plots as they held on a day, as was known at a moment. Versions of a plot
-- never go back in time, so the last one that is known and has begun holds.
CREATE FUNCTION plots_at(day date, known timestamptz) RETURNS SETOF plot_versions
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
        SELECT * FROM (
            SELECT DISTINCT ON (plot_id) * FROM plot_versions
            WHERE valid_from <= day AND recorded_at <= known
            ORDER BY plot_id, version DESC
        ) v WHERE NOT retired
    $$;

-- +goose Down
DROP FUNCTION plots_at;
DROP VIEW current_plots;
DROP TABLE lineage, change_plots, changes, imports;
ALTER TABLE plots DROP CONSTRAINT plot_current_version;
DROP TABLE plot_versions, plots, plan_parks, parks;
DROP FUNCTION refuse_rewrite, in_plane;
