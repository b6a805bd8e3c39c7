-- +goose Up
-- The quota ledger (用地指标台账). An account is the quota of a kind that a park has
-- in a year. An entry moves a quantity from one pot to another on a document; what
-- it does to balances follows from its type alone, by the view quota_postings and
-- the trigger post_quota. Amounts are millionths of a 亩, of which 0.01 亩, 0.01 m²
-- and 0.0001 ha are whole numbers.
CREATE TABLE quota_entries (
    act         bigint PRIMARY KEY,              -- the act that wrote it, as in changes
    park        text NOT NULL REFERENCES parks,
    year        integer NOT NULL CHECK (year BETWEEN 2016 AND 2100),
    kind        text NOT NULL CHECK (kind IN ('new', 'stock', 'stock_linked', 'rebuild_linked', 'farmland_balance', 'scale')),
    entry       text NOT NULL CHECK (entry IN ('grant', 'supplement', 'transfer', 'reserve', 'use', 'release', 'withdraw', 'carry_over', 'reverse')),
    to_park     text REFERENCES parks,           -- the account that a transfer or carry-over goes to
    to_year     integer CHECK (to_year BETWEEN 2016 AND 2100),
    amount      bigint NOT NULL CONSTRAINT quota_amount CHECK (amount BETWEEN 1 AND 1000000000000),
    farmland    bigint NOT NULL DEFAULT 0,       -- 农用地
    cultivated  bigint NOT NULL DEFAULT 0,       -- of that 耕地
    unused      bigint NOT NULL DEFAULT 0,       -- 未利用地
    case_no     text NOT NULL DEFAULT '',
    document_no text NOT NULL DEFAULT '',
    reason      text NOT NULL DEFAULT '',
    day         date NOT NULL,                   -- from which it counts
    reverses    bigint CONSTRAINT quota_reversed_once UNIQUE REFERENCES quota_entries,
    actor       text NOT NULL,
    recorded_at timestamptz NOT NULL,
    digest      bytea NOT NULL,                  -- SHA-256 of what was written of it

    CONSTRAINT quota_parts CHECK (
        cultivated BETWEEN 0 AND farmland AND unused >= 0 AND farmland + unused <= amount
        AND (kind <> 'new' OR farmland + unused IN (0, amount))
        AND (kind NOT IN ('stock', 'farmland_balance') OR farmland + unused = 0)),
    CONSTRAINT quota_target CHECK (entry = 'reverse' OR CASE entry
        WHEN 'transfer' THEN coalesce(to_park <> park AND to_year = year, false)
        WHEN 'carry_over' THEN coalesce(to_park = park AND to_year = year + 1, false)
        ELSE to_park IS NULL AND to_year IS NULL END),
    CONSTRAINT quota_reverses CHECK ((entry = 'reverse') = (reverses IS NOT NULL)),
    CONSTRAINT quota_case CHECK (entry = 'reverse' OR (entry IN ('reserve', 'use', 'release')) = (case_no <> '')),
    CONSTRAINT quota_document CHECK (entry = 'reverse' OR document_no <> ''),
    CONSTRAINT quota_reason CHECK (entry <> 'reverse' OR reason <> ''),
    CONSTRAINT quota_texts CHECK (greatest(length(case_no), length(document_no), length(reason)) <= 200),
    CONSTRAINT quota_day CHECK (
        day BETWEEN make_date(year - 1, 1, 1) AND (recorded_at AT TIME ZONE INTERVAL '8 hours')::date)
);
CREATE INDEX quota_entries_account ON quota_entries (park, year, kind, day, recorded_at);
CREATE INDEX quota_entries_target ON quota_entries (to_park, to_year, kind, day, recorded_at) WHERE to_park IS NOT NULL;
CREATE INDEX quota_entries_document ON quota_entries (park, year, kind, document_no, entry);
CREATE INDEX quota_entries_case ON quota_entries (case_no, kind) WHERE case_no <> '';

-- The two sides of every entry, which add up to nothing. What is reserved or used
-- is so for a case.
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

-- What the postings add up to, kept by post_quota alone. Nothing but the outside
-- is ever below nothing, as a whole or in a part.
CREATE TABLE quota_pots (
    park       text NOT NULL,
    year       integer NOT NULL,
    kind       text NOT NULL,
    pot        text NOT NULL CHECK (pot IN ('outside', 'available', 'reserved', 'used')),
    case_no    text NOT NULL,
    amount     bigint NOT NULL,
    farmland   bigint NOT NULL,
    cultivated bigint NOT NULL,
    unused     bigint NOT NULL,
    PRIMARY KEY (park, year, kind, pot, case_no),
    CONSTRAINT quota_never_overdrawn CHECK (pot = 'outside' OR
        cultivated BETWEEN 0 AND farmland AND unused >= 0 AND farmland + unused <= amount)
);
CREATE INDEX quota_pots_case ON quota_pots (case_no, kind) WHERE case_no <> '';
-- A case has quota of a kind reserved in one account.
CREATE UNIQUE INDEX quota_case_one_account ON quota_pots (case_no, kind) WHERE pot = 'reserved' AND amount > 0;

-- Lets one transaction at a time post to an account, and for a case: the others
-- wait for its end. Locks are taken in the order of their numbers.
-- +goose StatementBegin
CREATE FUNCTION lock_quota(park text, year integer, to_park text, to_year integer, kind text, case_no text) RETURNS void LANGUAGE plpgsql AS $$
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

-- The last entry that falls on an account, but for one: days and moments of an
-- account's entries never go back.
CREATE FUNCTION last_of_quota(park text, year integer, kind text, but bigint, OUT day date, OUT recorded_at timestamptz) RETURNS SETOF record
    LANGUAGE sql STABLE AS $$
        (SELECT e.day, e.recorded_at FROM quota_entries e
            WHERE e.park = $1 AND e.year = $2 AND e.kind = $3 AND e.act <> $4
            ORDER BY e.day DESC, e.recorded_at DESC LIMIT 1)
        UNION ALL
        (SELECT e.day, e.recorded_at FROM quota_entries e
            WHERE e.to_park = $1 AND e.to_year = $2 AND e.kind = $3 AND e.act <> $4
            ORDER BY e.day DESC, e.recorded_at DESC LIMIT 1)
    $$;

-- Holds an entry to what the ledger holds, and brings the pots up to it.
-- +goose StatementBegin
CREATE FUNCTION post_quota() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
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
CREATE TRIGGER post AFTER INSERT ON quota_entries FOR EACH ROW EXECUTE FUNCTION post_quota();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON quota_entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON quota_pots
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_rewrite();

-- Acts that may be asked for again without being done again, for a day: the
-- owner is the key of access, 0 for the program itself.
CREATE TABLE idempotency_keys (
    owner      bigint NOT NULL,
    key        text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
    request    bytea NOT NULL,                   -- SHA-256 of what was asked
    act        bigint NOT NULL,                  -- that did it
    created_at timestamptz NOT NULL,
    PRIMARY KEY (owner, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- +goose Down
DROP TABLE idempotency_keys;
DROP TABLE quota_pots;
DROP VIEW quota_postings;
DROP TABLE quota_entries;
DROP FUNCTION post_quota, last_of_quota, lock_quota;
