-- +goose Up
-- What a version refers to is looked up once a statement instead of once a row,
-- and the pointers in plots follow the versions by themselves: nothing else
-- writes them, so that they cannot disagree. A million plots come in one
-- statement after another; foreign keys and a pointer kept by the writer cost
-- each row several times what its own insertion does.
ALTER TABLE plots
    DROP CONSTRAINT plot_current_version,
    DROP CONSTRAINT plots_park_fkey;
ALTER TABLE plot_versions
    DROP CONSTRAINT plot_versions_plot_id_fkey,
    DROP CONSTRAINT plot_versions_park_plane_srid_fkey,
    DROP CONSTRAINT plot_land_use_known,
    DROP CONSTRAINT plot_status_known,
    DROP CONSTRAINT plot_versions_plot_id_version_park_plot_no_retired_key;

-- Areas are given with the version; `dikuai check` holds them to the boundary.
ALTER TABLE plot_versions
    ALTER area_m2 DROP EXPRESSION,
    ALTER area_ellipsoid_m2 DROP EXPRESSION;

-- A quadtree takes a new boundary in half the time of a GiST tree.
DROP INDEX plot_versions_geom;
CREATE INDEX plot_versions_geom ON plot_versions USING spgist (geom);

-- A version bears the number of the act that wrote it, and so does the change
-- that the act recorded last, with a number in the order of commits.
ALTER TABLE plot_versions ADD act bigint;
ALTER TABLE changes ADD act bigint;
ALTER TABLE plot_versions DISABLE TRIGGER append_only;
ALTER TABLE changes DISABLE TRIGGER append_only;
UPDATE plot_versions v SET act = c.seq FROM change_plots c WHERE c.plot_id = v.plot_id AND c.version = v.version;
UPDATE changes SET act = seq;
ALTER TABLE plot_versions ENABLE TRIGGER append_only;
ALTER TABLE changes ENABLE TRIGGER append_only;
ALTER TABLE plot_versions ALTER act SET NOT NULL;
ALTER TABLE changes ALTER act SET NOT NULL, ADD UNIQUE (act);
CREATE INDEX plot_versions_act ON plot_versions (act);
CREATE SEQUENCE acts OWNED BY changes.act;
SELECT setval('acts', greatest(max(act), 1)) FROM changes;
DROP TABLE change_plots;
CREATE VIEW change_plots AS
    SELECT c.seq, v.plot_id, v.version FROM changes c JOIN plot_versions v USING (act);

-- Files that are handed in are mostly packed already.
ALTER TABLE imports ALTER raw SET STORAGE EXTERNAL;

-- Versions that were written: what they refer to is there, and the pointers
-- are turned to them, numbers that are given up first. A version is a plot's
-- first, or the next of one that has not ended. The joins are by index: the
-- plan is kept, and most statements write a row or two.
-- +goose StatementBegin
CREATE FUNCTION follow_versions() RETURNS trigger LANGUAGE plpgsql
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off AS $$
DECLARE
    terms record;
    rows bigint;
    turned bigint := 0;
    wanted bigint := 0;
    unknown text;
BEGIN
    FOR terms IN
        SELECT park, plane_srid, land_use_scheme, land_use, status, count(*) AS plots
        FROM written GROUP BY park, plane_srid, land_use_scheme, land_use, status
    LOOP
        unknown := CASE
            WHEN NOT EXISTS (SELECT FROM parks WHERE code = terms.park AND plane_srid = terms.plane_srid) THEN 'plot_park_known'
            WHEN NOT EXISTS (SELECT FROM land_uses WHERE scheme = terms.land_use_scheme AND code = terms.land_use) THEN 'plot_land_use_known'
            WHEN NOT EXISTS (SELECT FROM statuses WHERE status = terms.status) THEN 'plot_status_known'
        END;
        IF unknown IS NOT NULL THEN
            RAISE EXCEPTION 'a version refers to what is not there: %', terms
                USING ERRCODE = 'foreign_key_violation', CONSTRAINT = unknown;
        END IF;
        wanted := wanted + terms.plots;
    END LOOP;

    UPDATE plots SET version = w.version, plot_no = w.plot_no, retired = w.retired
        FROM written w
        WHERE w.version > 1 AND plots.id = w.plot_id
            AND plots.park = w.park AND plots.version = w.version - 1 AND NOT plots.retired;
    GET DIAGNOSTICS rows = ROW_COUNT;
    turned := turned + rows;
    INSERT INTO plots (id, park, plot_no, version, retired) OVERRIDING SYSTEM VALUE
        SELECT plot_id, park, plot_no, version, retired FROM written WHERE version = 1;
    GET DIAGNOSTICS rows = ROW_COUNT;
    IF turned + rows <> wanted THEN
        RAISE EXCEPTION 'a version does not follow its plot''s present one'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'plot_current_version';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER follow AFTER INSERT ON plot_versions
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION follow_versions();

-- Pointers are turned by follow_versions alone, and what versions refer to stays.
CREATE TRIGGER pointers BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON plots
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER referred_to BEFORE DELETE OR TRUNCATE OR UPDATE OF code, plane_srid ON parks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER referred_to BEFORE DELETE OR TRUNCATE OR UPDATE OF scheme, code ON land_uses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER referred_to BEFORE DELETE OR TRUNCATE OR UPDATE OF status ON statuses
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- +goose Down
DROP TRIGGER referred_to ON statuses;
DROP TRIGGER referred_to ON land_uses;
DROP TRIGGER referred_to ON parks;
DROP TRIGGER pointers ON plots;
DROP TRIGGER follow ON plot_versions;
DROP FUNCTION follow_versions;
CREATE TABLE change_plots_then AS SELECT * FROM change_plots;
DROP VIEW change_plots;
ALTER TABLE change_plots_then RENAME TO change_plots;
ALTER TABLE plot_versions DROP act;
ALTER TABLE changes DROP act;
ALTER TABLE imports ALTER raw SET STORAGE EXTENDED;
DROP INDEX plot_versions_geom;
CREATE INDEX plot_versions_geom ON plot_versions USING gist (geom);
ALTER TABLE plot_versions
    ADD FOREIGN KEY (plot_id) REFERENCES plots,
    ADD FOREIGN KEY (park, plane_srid) REFERENCES parks (code, plane_srid),
    ADD CONSTRAINT plot_land_use_known FOREIGN KEY (land_use_scheme, land_use) REFERENCES land_uses,
    ADD CONSTRAINT plot_status_known FOREIGN KEY (status) REFERENCES statuses,
    ADD UNIQUE (plot_id, version, park, plot_no, retired);
ALTER TABLE change_plots
    ADD PRIMARY KEY (seq, plot_id),
    ADD FOREIGN KEY (plot_id, version) REFERENCES plot_versions,
    ADD FOREIGN KEY (seq) REFERENCES changes;
CREATE INDEX change_plots_plot ON change_plots (plot_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON change_plots
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
ALTER TABLE plots
    ADD FOREIGN KEY (park) REFERENCES parks,
    ADD CONSTRAINT plot_current_version FOREIGN KEY (id, version, park, plot_no, retired)
        REFERENCES plot_versions (plot_id, version, park, plot_no, retired) DEFERRABLE INITIALLY DEFERRED;
