-- +goose Up
-- Cases (审批案件). An act on a case is a row of case_events and never changed. What a
-- case is now (cases), which plots it binds (case_plots) and which documents it
-- issued (case_documents) follow from its events by the trigger follow_case, which
-- also holds them to the table of flows.

-- The table of flows, by kind of case, as the program has it. Guards that the
-- database keeps: mode, the mode of supply that a step is for, and other, that who
-- proposed may not do it. document is what the step issues.
CREATE TABLE case_moves (
    kind       text NOT NULL,
    from_state text NOT NULL,
    act        text NOT NULL,
    to_state   text NOT NULL,
    mode       text NOT NULL DEFAULT '',
    roles      text[] NOT NULL,
    document   text NOT NULL DEFAULT '',
    other      boolean NOT NULL,
    bind       boolean NOT NULL,
    unbind     boolean NOT NULL,
    clock      text NOT NULL DEFAULT '',
    PRIMARY KEY (kind, from_state, act, mode)
);

CREATE TABLE case_events (
    id          bigint PRIMARY KEY,
    act         bigint NOT NULL,               -- that wrote it, as in changes
    case_no     text NOT NULL,
    step        integer NOT NULL CHECK (step > 0),
    name        text NOT NULL,
    from_state  text NOT NULL,                 -- empty of the opening
    to_state    text NOT NULL,
    actor       text NOT NULL,
    key         bigint NOT NULL,               -- of access, 0 for the program itself
    role        text NOT NULL,                 -- in which the actor acted
    deputy      bigint NOT NULL DEFAULT 0,     -- the delegation under which an officer approved
    at          timestamptz NOT NULL,
    document    text NOT NULL DEFAULT '',      -- that it issued
    document_no text NOT NULL DEFAULT '',
    document_on date,
    reason      text NOT NULL DEFAULT '',
    opinion     text NOT NULL DEFAULT '',
    facts       json NOT NULL,                 -- what it told besides, byte for byte
    digest      bytea NOT NULL,                -- SHA-256 of what was written of it
    CONSTRAINT case_step_once UNIQUE (case_no, step),
    CONSTRAINT case_document CHECK ((document = '') = (document_no = '') AND (document = '') = (document_on IS NULL)),
    CONSTRAINT case_texts CHECK (greatest(length(document_no), length(reason), length(opinion)) <= 200)
);
CREATE INDEX case_events_act ON case_events (act);

CREATE TABLE cases (
    no            text PRIMARY KEY,
    park          text NOT NULL REFERENCES parks,
    year          integer NOT NULL,
    serial        integer NOT NULL CHECK (serial > 0),
    kind          text NOT NULL,
    state         text NOT NULL,
    title         text NOT NULL,
    applicant_key bigint NOT NULL,
    applicant     text NOT NULL,
    mode          text NOT NULL,
    follows       text NOT NULL,
    plots         bigint[] NOT NULL,
    bound         boolean NOT NULL DEFAULT false,
    version       integer NOT NULL,
    steps         integer NOT NULL,
    opened_on     date NOT NULL,
    proposed_by   bigint NOT NULL DEFAULT 0,    -- the key that proposed last
    clock         jsonb NOT NULL DEFAULT '[]',  -- [{"mark", "on"}]
    told          jsonb NOT NULL,               -- the facts of its events, the last of each
    changed_at    timestamptz NOT NULL,
    CONSTRAINT case_number UNIQUE (park, year, serial),
    CONSTRAINT case_number_form CHECK (no = concat_ws('-', park, year, CASE WHEN serial < 10000 THEN lpad(serial::text, 4, '0') ELSE serial::text END))
);
CREATE INDEX cases_applicant ON cases (applicant_key);
CREATE INDEX cases_binding ON cases (park) WHERE bound;
CREATE UNIQUE INDEX case_followed_once ON cases (follows) WHERE bound AND kind = 'supply' AND follows <> '';

-- The plots of every case. A case that is bound binds them, but for those of a
-- siting that a supply carries on, which the supply binds.
CREATE TABLE case_plots (
    case_no text NOT NULL REFERENCES cases,
    plot_id bigint NOT NULL,
    bound   boolean NOT NULL,
    PRIMARY KEY (case_no, plot_id)
);
CREATE INDEX case_plots_plot ON case_plots (plot_id);
CREATE UNIQUE INDEX case_binds_once ON case_plots (plot_id) WHERE bound;

-- Documents: files that were taken in, and what acts issued, of which the number is
-- used then.
CREATE TABLE case_documents (
    id         bigint PRIMARY KEY REFERENCES case_events,
    case_no    text NOT NULL REFERENCES cases,
    type       text NOT NULL,
    number     text NOT NULL DEFAULT '',
    day        date,
    title      text NOT NULL DEFAULT '',
    issued     boolean NOT NULL,
    filename   text NOT NULL DEFAULT '',
    media_type text NOT NULL DEFAULT '',
    size       bigint NOT NULL DEFAULT 0,
    sha256     bytea,
    content    bytea,                          -- null of what an act issued
    CONSTRAINT case_document_whole CHECK (issued = (content IS NULL) AND issued = (sha256 IS NULL) AND (NOT issued OR number <> '')),
    CONSTRAINT case_document_size CHECK (size = coalesce(length(content), 0)),
    CONSTRAINT case_document_digest CHECK (sha256 = sha256(content))
);
ALTER TABLE case_documents ALTER content SET STORAGE EXTERNAL;
CREATE INDEX case_documents_case ON case_documents (case_no);
CREATE UNIQUE INDEX case_document_once ON case_documents (type, number) WHERE issued;

-- Compliance checks that are kept with their cases.
CREATE TABLE case_checks (
    id      bigint PRIMARY KEY REFERENCES case_events,
    case_no text NOT NULL REFERENCES cases,
    seq     integer NOT NULL CHECK (seq > 0),
    basis   text NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('pass', 'warn', 'fail')),
    result  json NOT NULL,
    UNIQUE (case_no, seq)
);

-- Officers who stand in for approvers for a time.
CREATE TABLE delegations (
    id          bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    from_key    bigint NOT NULL REFERENCES access_keys,
    to_key      bigint NOT NULL REFERENCES access_keys,
    role        text NOT NULL CHECK (role = 'approver'),
    from_day    date NOT NULL,
    until_day   date NOT NULL,
    document_no text NOT NULL CHECK (document_no <> ''),
    actor       text NOT NULL,
    recorded_at timestamptz NOT NULL,
    ended_by    text,                          -- before its time
    ended_at    timestamptz,
    CHECK (from_key <> to_key AND from_day <= until_day AND (ended_by IS NULL) = (ended_at IS NULL))
);
CREATE INDEX delegations_to ON delegations (to_key, until_day);

-- The delegation under which a key stands in for an approver at a moment, 0 for none.
CREATE FUNCTION delegation_of(key bigint, at timestamptz) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(max(d.id), 0)
    FROM delegations d JOIN access_keys f ON f.id = d.from_key JOIN access_keys t ON t.id = d.to_key
    WHERE d.to_key = $1 AND d.ended_at IS NULL
        AND ($2 AT TIME ZONE INTERVAL '8 hours')::date BETWEEN d.from_day AND d.until_day
        AND f.role = 'approver' AND f.revoked_at IS NULL AND (f.expires_at IS NULL OR f.expires_at > $2)
        AND t.role = 'officer' AND (f.park IS NULL OR f.park = t.park)
    $$;

-- Plots with those that they came out of, themselves among them.
CREATE FUNCTION with_ancestors(plots bigint[]) RETURNS TABLE (plot_id bigint, ancestor bigint) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE up (plot_id, ancestor) AS (
        SELECT p, p FROM unnest($1) AS p
        UNION
        SELECT up.plot_id, l.parent FROM up JOIN lineage l ON l.child = up.ancestor)
    SELECT up.plot_id, up.ancestor FROM up
    $$;

-- Brings case_plots of a case up to what cases says.
-- +goose StatementBegin
CREATE FUNCTION place_case_plots(which text) RETURNS void LANGUAGE sql AS $$
    DELETE FROM case_plots p USING cases c WHERE c.no = $1 AND p.case_no = $1 AND p.plot_id <> ALL (c.plots);
    INSERT INTO case_plots AS p (case_no, plot_id, bound)
        SELECT c.no, plot, c.bound AND NOT EXISTS (
            SELECT FROM cases f WHERE f.follows = c.no AND f.kind = 'supply' AND f.bound AND plot = ANY (f.plots))
        FROM cases c CROSS JOIN unnest(c.plots) AS plot WHERE c.no = $1
        ON CONFLICT (case_no, plot_id) DO UPDATE SET bound = excluded.bound WHERE p.bound <> excluded.bound;
    $$;
-- +goose StatementEnd

-- Holds an event to the table of flows and to its case, and brings the case up to it.
-- +goose StatementBegin
CREATE FUNCTION follow_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    c cases;
    m case_moves;
    content jsonb;
    broken text;
    day date := (NEW.at AT TIME ZONE INTERVAL '8 hours')::date;
    followed text;
BEGIN
    IF NEW.name = 'open' THEN
        content := NEW.facts::jsonb -> 'content';
        IF NEW.step <> 1 OR NEW.from_state <> '' OR NEW.to_state <> 'draft' THEN
            broken := 'case_in_order';
        ELSE
            INSERT INTO cases VALUES (
                NEW.case_no, NEW.facts ->> 'park', extract(year FROM day), coalesce(substring(NEW.case_no FROM '-([0-9]{4,9})$')::integer, 0),
                NEW.facts ->> 'kind', 'draft', content ->> 'title', (NEW.facts -> 'applicant' ->> 'key')::bigint, NEW.facts -> 'applicant' ->> 'name',
                coalesce(content ->> 'mode', ''), coalesce(content ->> 'follows', ''), ARRAY(SELECT jsonb_array_elements_text(content -> 'plots')::bigint),
                false, 1, 1, day, 0, '[]', NEW.facts::jsonb, NEW.at);
            PERFORM place_case_plots(NEW.case_no);
        END IF;
    ELSE
        SELECT * INTO c FROM cases WHERE no = NEW.case_no FOR UPDATE;
        IF c.no IS NULL OR c.steps + 1 <> NEW.step OR c.state <> NEW.from_state OR c.changed_at > NEW.at THEN
            broken := 'case_in_order';
        ELSIF NEW.name IN ('edit', 'attach', 'check', 'replot') THEN
            IF NEW.to_state <> NEW.from_state OR NEW.name <> 'attach' AND NEW.to_state IN ('closed', 'refused', 'withdrawn', 'ended') THEN
                broken := 'case_in_order';
            END IF;
        ELSE
            SELECT * INTO m FROM case_moves
                WHERE kind = c.kind AND from_state = NEW.from_state AND act = NEW.name AND to_state = NEW.to_state AND mode IN ('', c.mode);
            IF m.kind IS NULL THEN
                broken := 'case_in_order';
            ELSIF NEW.role <> ALL (m.roles) AND (NEW.role <> 'admin' OR 'system' = ANY (m.roles)) THEN
                broken := 'case_role';
            ELSIF m.other AND NEW.key = c.proposed_by THEN
                broken := 'case_other_decides';
            ELSIF NEW.document <> m.document THEN
                broken := 'case_document';
            END IF;
        END IF;
        IF broken IS NULL THEN
            followed := c.follows;
            c.told := c.told || NEW.facts::jsonb;
            content := c.told -> 'content';
            c.title := content ->> 'title';
            c.mode := coalesce(content ->> 'mode', '');
            c.follows := coalesce(content ->> 'follows', '');
            c.plots := ARRAY(SELECT jsonb_array_elements_text(content -> 'plots')::bigint);
            c.bound := coalesce(c.bound AND NOT m.unbind OR m.bind, c.bound);
            IF m.clock <> '' THEN
                c.clock := c.clock || jsonb_build_object('mark', m.clock, 'on', day);
            END IF;
            UPDATE cases SET state = NEW.to_state, title = c.title, mode = c.mode, follows = c.follows, plots = c.plots, bound = c.bound,
                    version = version + CASE WHEN NEW.name IN ('attach', 'check') THEN 0 ELSE 1 END, steps = NEW.step,
                    proposed_by = CASE WHEN NEW.name = 'propose' THEN NEW.key ELSE proposed_by END,
                    clock = c.clock, told = c.told, changed_at = NEW.at
                WHERE no = NEW.case_no;
            IF NEW.name NOT IN ('attach', 'check') THEN
                -- who loses a plot goes before who gets it
                IF c.bound THEN
                    PERFORM place_case_plots(c.follows);
                END IF;
                PERFORM place_case_plots(c.no);
                PERFORM place_case_plots(followed);
            END IF;
        END IF;
        IF broken IS NULL AND NEW.document <> '' THEN
            INSERT INTO case_documents (id, case_no, type, number, day, issued)
                VALUES (NEW.id, NEW.case_no, NEW.document, NEW.document_no, NEW.document_on, true);
        END IF;
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'the case refuses event %', NEW.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER follow AFTER INSERT ON case_events FOR EACH ROW EXECUTE FUNCTION follow_case();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_documents FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON case_checks FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON cases
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON case_plots
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_rewrite();

-- A delegation is ended, and else as it was given.
-- +goose StatementBegin
CREATE FUNCTION keep_delegation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL OR (NEW.id, NEW.from_key, NEW.to_key, NEW.role, NEW.from_day, NEW.until_day, NEW.document_no, NEW.actor, NEW.recorded_at)
        IS DISTINCT FROM (OLD.id, OLD.from_key, OLD.to_key, OLD.role, OLD.from_day, OLD.until_day, OLD.document_no, OLD.actor, OLD.recorded_at) THEN
        RAISE EXCEPTION 'a delegation is only ever ended' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'append_only';
    END IF;
    RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER kept BEFORE UPDATE ON delegations FOR EACH ROW EXECUTE FUNCTION keep_delegation();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON delegations FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();

-- Which bound plots an act edited, and whether it did no more than give their border
-- a vertex that a neighbour got, which lies within 2 mm of it: then it is no edit of
-- theirs.
CREATE FUNCTION edits_of_bound(act bigint) RETURNS TABLE (plot_id bigint, plot_no text, case_no text, retired boolean, moved boolean, noded boolean, was_m2 double precision, is_m2 double precision)
    LANGUAGE sql STABLE AS $$
    SELECT v.plot_id, w.plot_no, b.case_no, v.retired, (v.status, v.holder, v.supply_mode, v.supplied_on) IS DISTINCT FROM (w.status, w.holder, w.supply_mode, w.supplied_on),
        NOT v.retired AND (v.plot_no, v.name, v.land_use_scheme, v.land_use, v.land_use_others, v.land_use_2023, v.status, v.holder, v.stated_area_m2, v.far_min, v.far_max,
                v.density_max_pct, v.green_min_pct, v.height_max_m, v.gfa_max_m2, v.setbacks, v.supply_mode, v.supplied_on)
            IS NOT DISTINCT FROM (w.plot_no, w.name, w.land_use_scheme, w.land_use, w.land_use_others, w.land_use_2023, w.status, w.holder, w.stated_area_m2, w.far_min, w.far_max,
                w.density_max_pct, w.green_min_pct, w.height_max_m, w.gfa_max_m2, w.setbacks, w.supply_mode, w.supplied_on)
            AND ST_Area(ST_SymDifference(in_plane(v.geom, v.plane_srid), in_plane(w.geom, w.plane_srid))) <= 0.002 * ST_Perimeter(in_plane(w.geom, w.plane_srid)),
        w.area_m2, v.area_m2
    FROM plot_versions v
    JOIN plot_versions w ON w.plot_id = v.plot_id AND w.version = v.version - 1
    JOIN case_plots b ON b.plot_id = v.plot_id AND b.bound
    WHERE v.act = $1
    $$;

-- +goose StatementBegin
CREATE FUNCTION hold_bound_plots() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM cases WHERE park = NEW.park AND bound)
        AND EXISTS (SELECT FROM edits_of_bound(NEW.act) e WHERE e.case_no IS DISTINCT FROM NEW.case_no AND NOT e.noded) THEN
        RAISE EXCEPTION 'change % edits a plot that another case binds', NEW.seq
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'case_binds_plot';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER bound_plots AFTER INSERT ON changes FOR EACH ROW EXECUTE FUNCTION hold_bound_plots();

-- An act may post several entries of the quota ledger: an entry has a number of its
-- own besides that of its act.
DROP VIEW quota_postings;
ALTER TABLE quota_entries RENAME act TO id;
ALTER TABLE quota_entries ADD act bigint;
ALTER TABLE quota_entries DISABLE TRIGGER append_only;
UPDATE quota_entries SET act = id;
ALTER TABLE quota_entries ENABLE TRIGGER append_only;
ALTER TABLE quota_entries ALTER act SET NOT NULL;
CREATE INDEX quota_entries_act ON quota_entries (act);
CREATE VIEW quota_postings AS
    SELECT e.id, e.act, e.day, e.recorded_at, moves.entry AS counts_as, side.park, side.year, e.kind, side.pot,
        CASE WHEN side.pot IN ('reserved', 'used') THEN e.case_no ELSE '' END AS case_no,
        side.sign * e.amount AS amount, side.sign * e.farmland AS farmland,
        side.sign * e.cultivated AS cultivated, side.sign * e.unused AS unused
    FROM quota_entries e
    LEFT JOIN quota_entries o ON o.id = e.reverses
    JOIN (VALUES
        ('grant', 'outside', 'available'),
        ('supplement', 'outside', 'available'),
        ('withdraw', 'available', 'outside'),
        ('transfer', 'available', 'available'),
        ('carry_over', 'available', 'available'),
        ('reserve', 'available', 'reserved'),
        ('release', 'reserved', 'available'),
        ('use', 'reserved', 'used')) AS moves (entry, source, target) ON moves.entry = coalesce(o.entry, e.entry)
    CROSS JOIN LATERAL (VALUES
        (e.park, e.year, moves.source, CASE WHEN o.id IS NULL THEN -1 ELSE 1 END),
        (coalesce(e.to_park, e.park), coalesce(e.to_year, e.year), moves.target, CASE WHEN o.id IS NULL THEN 1 ELSE -1 END)
        ) AS side (park, year, pot, sign);

-- Takes locks that are named, in the order of their numbers.
-- +goose StatementBegin
CREATE FUNCTION lock_names(names text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one bigint;
BEGIN
    FOR one IN SELECT DISTINCT hashtextextended(name, 0) FROM unnest(names) AS name ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(one);
    END LOOP;
END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION quota_locks(park text, year integer, to_park text, to_year integer, kind text, case_no text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(concat_ws(' ', 'quota', $5, what))
    FROM unnest(ARRAY[concat_ws(' ', 'account', $1, $2), concat_ws(' ', 'account', coalesce($3, $1), coalesce($4, $2)), 'case ' || nullif($6, '')]) AS what
    WHERE what IS NOT NULL
    $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION lock_quota(park text, year integer, to_park text, to_year integer, kind text, case_no text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'quota is posted in read committed, which sees what others committed before it had the lock'
            USING ERRCODE = 'feature_not_supported', CONSTRAINT = 'quota_isolation';
    END IF;
    PERFORM lock_names(quota_locks(park, year, to_park, to_year, kind, case_no));
END $$;
-- +goose StatementEnd

CREATE OR REPLACE FUNCTION last_of_quota(park text, year integer, kind text, but bigint, OUT day date, OUT recorded_at timestamptz) RETURNS SETOF record
    LANGUAGE sql STABLE AS $$
        (SELECT e.day, e.recorded_at FROM quota_entries e
            WHERE e.park = $1 AND e.year = $2 AND e.kind = $3 AND e.id <> $4
            ORDER BY e.day DESC, e.recorded_at DESC LIMIT 1)
        UNION ALL
        (SELECT e.day, e.recorded_at FROM quota_entries e
            WHERE e.to_park = $1 AND e.to_year = $2 AND e.kind = $3 AND e.id <> $4
            ORDER BY e.day DESC, e.recorded_at DESC LIMIT 1)
    $$;

-- Quota of a case is posted by acts on it alone; else as before.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION post_quota() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    reversed quota_entries;
    side record;
    broken text;
BEGIN
    PERFORM lock_quota(NEW.park, NEW.year, NEW.to_park, NEW.to_year, NEW.kind, NEW.case_no);
    IF EXISTS (SELECT FROM cases WHERE no = NEW.case_no) AND NOT EXISTS (SELECT FROM case_events WHERE act = NEW.act AND case_no = NEW.case_no) THEN
        broken := 'quota_of_case_by_its_acts';
    ELSIF NEW.entry = 'reverse' THEN
        SELECT * INTO reversed FROM quota_entries WHERE id = NEW.reverses;
        IF reversed.entry = 'reverse' THEN
            broken := 'quota_reversal_stands';
        ELSIF (reversed.park, reversed.year, reversed.kind, reversed.to_park, reversed.to_year, reversed.case_no, reversed.amount, reversed.farmland, reversed.cultivated, reversed.unused)
            IS DISTINCT FROM (NEW.park, NEW.year, NEW.kind, NEW.to_park, NEW.to_year, NEW.case_no, NEW.amount, NEW.farmland, NEW.cultivated, NEW.unused) THEN
            broken := 'quota_reversal_alike';
        END IF;
    ELSIF EXISTS (SELECT FROM quota_entries e
        WHERE e.park = NEW.park AND e.year = NEW.year AND e.kind = NEW.kind AND e.document_no = NEW.document_no AND e.entry = NEW.entry
            AND e.case_no = NEW.case_no AND e.id <> NEW.id AND NOT EXISTS (SELECT FROM quota_entries r WHERE r.reverses = e.id)) THEN
        broken := 'quota_document_once';
    ELSIF NEW.entry = 'reserve' AND EXISTS (SELECT FROM quota_entries e
        WHERE e.case_no = NEW.case_no AND e.kind = NEW.kind AND e.park = NEW.park AND e.year = NEW.year AND e.entry = 'reserve'
            AND e.id <> NEW.id AND NOT EXISTS (SELECT FROM quota_entries r WHERE r.reverses = e.id)) THEN
        broken := 'quota_case_reserves_once';
    END IF;
    IF broken IS NULL AND EXISTS (
        SELECT FROM (VALUES (NEW.park, NEW.year), (coalesce(NEW.to_park, NEW.park), coalesce(NEW.to_year, NEW.year))) AS mine (park, year)
        CROSS JOIN LATERAL last_of_quota(mine.park, mine.year, NEW.kind, NEW.id) AS last
        WHERE last.day > NEW.day OR last.recorded_at > NEW.recorded_at) THEN
        broken := 'quota_days_in_order';
    END IF;
    IF broken IS NULL THEN
        FOR side IN SELECT * FROM quota_postings p WHERE p.id = NEW.id LOOP
            IF side.pot = 'reserved' AND side.amount > 0 AND EXISTS (SELECT FROM quota_pots p
                WHERE p.case_no = side.case_no AND p.kind = side.kind AND p.amount > 0 AND (p.park, p.year) <> (side.park, side.year)) THEN
                broken := 'quota_case_one_account';
            END IF;
            UPDATE quota_pots p SET amount = p.amount + side.amount, farmland = p.farmland + side.farmland,
                    cultivated = p.cultivated + side.cultivated, unused = p.unused + side.unused
                WHERE (p.park, p.year, p.kind, p.pot, p.case_no) = (side.park, side.year, side.kind, side.pot, side.case_no);
            IF NOT FOUND THEN
                INSERT INTO quota_pots VALUES (side.park, side.year, side.kind, side.pot, side.case_no, side.amount, side.farmland, side.cultivated, side.unused);
            END IF;
        END LOOP;
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'the quota ledger refuses entry %', NEW.id
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd

-- +goose Down
DROP VIEW quota_postings;
ALTER TABLE quota_entries DROP act;
ALTER TABLE quota_entries RENAME id TO act;
CREATE VIEW quota_postings AS
    SELECT e.act, e.day, e.recorded_at, moves.entry AS counts_as, side.park, side.year, e.kind, side.pot,
        CASE WHEN side.pot IN ('reserved', 'used') THEN e.case_no ELSE '' END AS case_no,
        side.sign * e.amount AS amount, side.sign * e.farmland AS farmland,
        side.sign * e.cultivated AS cultivated, side.sign * e.unused AS unused
    FROM quota_entries e
    LEFT JOIN quota_entries o ON o.act = e.reverses
    JOIN (VALUES
        ('grant', 'outside', 'available'),
        ('supplement', 'outside', 'available'),
        ('withdraw', 'available', 'outside'),
        ('transfer', 'available', 'available'),
        ('carry_over', 'available', 'available'),
        ('reserve', 'available', 'reserved'),
        ('release', 'reserved', 'available'),
        ('use', 'reserved', 'used')) AS moves (entry, source, target) ON moves.entry = coalesce(o.entry, e.entry)
    CROSS JOIN LATERAL (VALUES
        (e.park, e.year, moves.source, CASE WHEN o.act IS NULL THEN -1 ELSE 1 END),
        (coalesce(e.to_park, e.park), coalesce(e.to_year, e.year), moves.target, CASE WHEN o.act IS NULL THEN 1 ELSE -1 END)
        ) AS side (park, year, pot, sign);
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION lock_quota(park text, year integer, to_park text, to_year integer, kind text, case_no text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'quota is posted in read committed, which sees what others committed before it had the lock'
            USING ERRCODE = 'feature_not_supported', CONSTRAINT = 'quota_isolation';
    END IF;
    FOR one IN
        SELECT DISTINCT hashtextextended(concat_ws(' ', 'quota', kind, what), 0)
        FROM unnest(ARRAY[concat_ws(' ', 'account', park, year), concat_ws(' ', 'account', coalesce(to_park, park), coalesce(to_year, year)), 'case ' || nullif(case_no, '')]) AS what
        WHERE what IS NOT NULL ORDER BY 1
    LOOP
        PERFORM pg_advisory_xact_lock(one);
    END LOOP;
END $$;
-- +goose StatementEnd
CREATE OR REPLACE FUNCTION last_of_quota(park text, year integer, kind text, but bigint, OUT day date, OUT recorded_at timestamptz) RETURNS SETOF record
    LANGUAGE sql STABLE AS $$
        (SELECT e.day, e.recorded_at FROM quota_entries e
            WHERE e.park = $1 AND e.year = $2 AND e.kind = $3 AND e.act <> $4
            ORDER BY e.day DESC, e.recorded_at DESC LIMIT 1)
        UNION ALL
        (SELECT e.day, e.recorded_at FROM quota_entries e
            WHERE e.to_park = $1 AND e.to_year = $2 AND e.kind = $3 AND e.act <> $4
            ORDER BY e.day DESC, e.recorded_at DESC LIMIT 1)
    $$;
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION post_quota() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    reversed quota_entries;
    side record;
    broken text;
BEGIN
    PERFORM lock_quota(NEW.park, NEW.year, NEW.to_park, NEW.to_year, NEW.kind, NEW.case_no);
    IF NEW.entry = 'reverse' THEN
        SELECT * INTO reversed FROM quota_entries WHERE act = NEW.reverses;
        IF reversed.entry = 'reverse' THEN
            broken := 'quota_reversal_stands';
        ELSIF (reversed.park, reversed.year, reversed.kind, reversed.to_park, reversed.to_year, reversed.case_no, reversed.amount, reversed.farmland, reversed.cultivated, reversed.unused)
            IS DISTINCT FROM (NEW.park, NEW.year, NEW.kind, NEW.to_park, NEW.to_year, NEW.case_no, NEW.amount, NEW.farmland, NEW.cultivated, NEW.unused) THEN
            broken := 'quota_reversal_alike';
        END IF;
    ELSIF EXISTS (SELECT FROM quota_entries e
        WHERE e.park = NEW.park AND e.year = NEW.year AND e.kind = NEW.kind AND e.document_no = NEW.document_no AND e.entry = NEW.entry
            AND e.case_no = NEW.case_no AND e.act <> NEW.act AND NOT EXISTS (SELECT FROM quota_entries r WHERE r.reverses = e.act)) THEN
        broken := 'quota_document_once';
    ELSIF NEW.entry = 'reserve' AND EXISTS (SELECT FROM quota_entries e
        WHERE e.case_no = NEW.case_no AND e.kind = NEW.kind AND e.park = NEW.park AND e.year = NEW.year AND e.entry = 'reserve'
            AND e.act <> NEW.act AND NOT EXISTS (SELECT FROM quota_entries r WHERE r.reverses = e.act)) THEN
        broken := 'quota_case_reserves_once';
    END IF;
    IF broken IS NULL AND EXISTS (
        SELECT FROM (VALUES (NEW.park, NEW.year), (coalesce(NEW.to_park, NEW.park), coalesce(NEW.to_year, NEW.year))) AS mine (park, year)
        CROSS JOIN LATERAL last_of_quota(mine.park, mine.year, NEW.kind, NEW.act) AS last
        WHERE last.day > NEW.day OR last.recorded_at > NEW.recorded_at) THEN
        broken := 'quota_days_in_order';
    END IF;
    IF broken IS NULL THEN
        FOR side IN SELECT * FROM quota_postings p WHERE p.act = NEW.act LOOP
            IF side.pot = 'reserved' AND side.amount > 0 AND EXISTS (SELECT FROM quota_pots p
                WHERE p.case_no = side.case_no AND p.kind = side.kind AND p.amount > 0 AND (p.park, p.year) <> (side.park, side.year)) THEN
                broken := 'quota_case_one_account';
            END IF;
            UPDATE quota_pots p SET amount = p.amount + side.amount, farmland = p.farmland + side.farmland,
                    cultivated = p.cultivated + side.cultivated, unused = p.unused + side.unused
                WHERE (p.park, p.year, p.kind, p.pot, p.case_no) = (side.park, side.year, side.kind, side.pot, side.case_no);
            IF NOT FOUND THEN
                INSERT INTO quota_pots VALUES (side.park, side.year, side.kind, side.pot, side.case_no, side.amount, side.farmland, side.cultivated, side.unused);
            END IF;
        END LOOP;
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'the quota ledger refuses entry %', NEW.act
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = broken;
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
DROP FUNCTION quota_locks, lock_names;
DROP TRIGGER bound_plots ON changes;
DROP FUNCTION hold_bound_plots, edits_of_bound;
DROP TABLE delegations, case_checks, case_documents, case_plots, cases, case_events, case_moves;
DROP FUNCTION keep_delegation, follow_case, place_case_plots, with_ancestors, delegation_of;
