-- +goose Up
-- The calendar of working days (工作日), by which legal periods are reckoned. What is
-- arranged for a year is a row of calendar_years and never changed: a year that is
-- arranged anew has one more. working_days are the days of each year's last
-- arrangement that are holidays, or weekends on which people work (调休上班); on all
-- other days people work from Monday to Friday.
CREATE TABLE calendar_years (
    year        integer NOT NULL CHECK (year BETWEEN 2000 AND 2100),
    revision    integer NOT NULL CHECK (revision > 0),
    document_no text NOT NULL CHECK (length(document_no) BETWEEN 1 AND 200),
    days        jsonb NOT NULL,               -- [{"day", "works", "name"}]
    actor       text NOT NULL,
    recorded_at timestamptz NOT NULL,
    CONSTRAINT calendar_revision PRIMARY KEY (year, revision)
);

CREATE TABLE working_days (
    day   date PRIMARY KEY,
    works boolean NOT NULL,
    name  text NOT NULL CHECK (length(name) BETWEEN 1 AND 200)
);

-- +goose StatementBegin
CREATE FUNCTION arrange_working_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM working_days WHERE day BETWEEN make_date(NEW.year, 1, 1) AND make_date(NEW.year, 12, 31);
    INSERT INTO working_days SELECT day, works, name FROM jsonb_to_recordset(NEW.days) AS d (day date, works boolean, name text);
    IF EXISTS (SELECT FROM jsonb_to_recordset(NEW.days) AS d (day date) WHERE extract(year FROM day) <> NEW.year) THEN
        RAISE EXCEPTION 'a day is not of the year %', NEW.year
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'calendar_day_of_year';
    END IF;
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER arrange AFTER INSERT ON calendar_years FOR EACH ROW EXECUTE FUNCTION arrange_working_days();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON calendar_years
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewrite();
CREATE TRIGGER kept BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON working_days
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_rewrite();

-- The arrangements of the General Office of the State Council (国务院办公厅关于…年部分节假
-- 日安排的通知), with those that altered them: Labour Day of 2019, and the Spring
-- Festival of 2020, which was made longer.
WITH notice (year, document_no) AS (VALUES
    (2016, '国办发明电〔2015〕18号'),
    (2017, '国办发明电〔2016〕17号'),
    (2018, '国办发明电〔2017〕12号、〔2018〕15号'),
    (2019, '国办发明电〔2018〕15号、〔2019〕3号'),
    (2020, '国办发明电〔2019〕16号、〔2020〕1号'),
    (2021, '国办发明电〔2020〕27号'),
    (2022, '国办发明电〔2021〕11号、〔2022〕16号'),
    (2023, '国办发明电〔2022〕16号'),
    (2024, '国办发明电〔2023〕7号'),
    (2025, '国办发明电〔2024〕12号'),
    (2026, '国务院办公厅 2025年11月4日通知')
), span (first, last, works, name) AS (VALUES
    (date '2016-01-01', date '2016-01-01', false, '元旦'),
    (date '2016-02-06', date '2016-02-06', true, '春节'),
    (date '2016-02-07', date '2016-02-13', false, '春节'),
    (date '2016-02-14', date '2016-02-14', true, '春节'),
    (date '2016-04-04', date '2016-04-04', false, '清明节'),
    (date '2016-05-01', date '2016-05-02', false, '劳动节'),
    (date '2016-06-09', date '2016-06-11', false, '端午节'),
    (date '2016-06-12', date '2016-06-12', true, '端午节'),
    (date '2016-09-15', date '2016-09-17', false, '中秋节'),
    (date '2016-09-18', date '2016-09-18', true, '中秋节'),
    (date '2016-10-01', date '2016-10-07', false, '国庆节'),
    (date '2016-10-08', date '2016-10-09', true, '国庆节'),
    (date '2017-01-01', date '2017-01-02', false, '元旦'),
    (date '2017-01-22', date '2017-01-22', true, '春节'),
    (date '2017-01-27', date '2017-02-02', false, '春节'),
    (date '2017-02-04', date '2017-02-04', true, '春节'),
    (date '2017-04-01', date '2017-04-01', true, '清明节'),
    (date '2017-04-02', date '2017-04-04', false, '清明节'),
    (date '2017-05-01', date '2017-05-01', false, '劳动节'),
    (date '2017-05-27', date '2017-05-27', true, '端午节'),
    (date '2017-05-28', date '2017-05-30', false, '端午节'),
    (date '2017-09-30', date '2017-09-30', true, '中秋节、国庆节'),
    (date '2017-10-01', date '2017-10-08', false, '中秋节、国庆节'),
    (date '2018-01-01', date '2018-01-01', false, '元旦'),
    (date '2018-02-11', date '2018-02-11', true, '春节'),
    (date '2018-02-15', date '2018-02-21', false, '春节'),
    (date '2018-02-24', date '2018-02-24', true, '春节'),
    (date '2018-04-05', date '2018-04-07', false, '清明节'),
    (date '2018-04-08', date '2018-04-08', true, '清明节'),
    (date '2018-04-28', date '2018-04-28', true, '劳动节'),
    (date '2018-04-29', date '2018-05-01', false, '劳动节'),
    (date '2018-06-18', date '2018-06-18', false, '端午节'),
    (date '2018-09-24', date '2018-09-24', false, '中秋节'),
    (date '2018-09-29', date '2018-09-30', true, '国庆节'),
    (date '2018-10-01', date '2018-10-07', false, '国庆节'),
    (date '2018-12-29', date '2018-12-29', true, '元旦'),
    (date '2018-12-30', date '2018-12-31', false, '元旦'),
    (date '2019-01-01', date '2019-01-01', false, '元旦'),
    (date '2019-02-02', date '2019-02-03', true, '春节'),
    (date '2019-02-04', date '2019-02-10', false, '春节'),
    (date '2019-04-05', date '2019-04-05', false, '清明节'),
    (date '2019-04-28', date '2019-04-28', true, '劳动节'),
    (date '2019-05-01', date '2019-05-04', false, '劳动节'),
    (date '2019-05-05', date '2019-05-05', true, '劳动节'),
    (date '2019-06-07', date '2019-06-07', false, '端午节'),
    (date '2019-09-13', date '2019-09-13', false, '中秋节'),
    (date '2019-09-29', date '2019-09-29', true, '国庆节'),
    (date '2019-10-01', date '2019-10-07', false, '国庆节'),
    (date '2019-10-12', date '2019-10-12', true, '国庆节'),
    (date '2020-01-01', date '2020-01-01', false, '元旦'),
    (date '2020-01-19', date '2020-01-19', true, '春节'),
    (date '2020-01-24', date '2020-02-02', false, '春节'),
    (date '2020-04-04', date '2020-04-06', false, '清明节'),
    (date '2020-04-26', date '2020-04-26', true, '劳动节'),
    (date '2020-05-01', date '2020-05-05', false, '劳动节'),
    (date '2020-05-09', date '2020-05-09', true, '劳动节'),
    (date '2020-06-25', date '2020-06-27', false, '端午节'),
    (date '2020-06-28', date '2020-06-28', true, '端午节'),
    (date '2020-09-27', date '2020-09-27', true, '国庆节、中秋节'),
    (date '2020-10-01', date '2020-10-08', false, '国庆节、中秋节'),
    (date '2020-10-10', date '2020-10-10', true, '国庆节、中秋节'),
    (date '2021-01-01', date '2021-01-03', false, '元旦'),
    (date '2021-02-07', date '2021-02-07', true, '春节'),
    (date '2021-02-11', date '2021-02-17', false, '春节'),
    (date '2021-02-20', date '2021-02-20', true, '春节'),
    (date '2021-04-03', date '2021-04-05', false, '清明节'),
    (date '2021-04-25', date '2021-04-25', true, '劳动节'),
    (date '2021-05-01', date '2021-05-05', false, '劳动节'),
    (date '2021-05-08', date '2021-05-08', true, '劳动节'),
    (date '2021-06-12', date '2021-06-14', false, '端午节'),
    (date '2021-09-18', date '2021-09-18', true, '中秋节'),
    (date '2021-09-19', date '2021-09-21', false, '中秋节'),
    (date '2021-09-26', date '2021-09-26', true, '国庆节'),
    (date '2021-10-01', date '2021-10-07', false, '国庆节'),
    (date '2021-10-09', date '2021-10-09', true, '国庆节'),
    (date '2022-01-01', date '2022-01-03', false, '元旦'),
    (date '2022-01-29', date '2022-01-30', true, '春节'),
    (date '2022-01-31', date '2022-02-06', false, '春节'),
    (date '2022-04-02', date '2022-04-02', true, '清明节'),
    (date '2022-04-03', date '2022-04-05', false, '清明节'),
    (date '2022-04-24', date '2022-04-24', true, '劳动节'),
    (date '2022-04-30', date '2022-05-04', false, '劳动节'),
    (date '2022-05-07', date '2022-05-07', true, '劳动节'),
    (date '2022-06-03', date '2022-06-05', false, '端午节'),
    (date '2022-09-10', date '2022-09-12', false, '中秋节'),
    (date '2022-10-01', date '2022-10-07', false, '国庆节'),
    (date '2022-10-08', date '2022-10-09', true, '国庆节'),
    (date '2022-12-31', date '2022-12-31', false, '元旦'),
    (date '2023-01-01', date '2023-01-02', false, '元旦'),
    (date '2023-01-21', date '2023-01-27', false, '春节'),
    (date '2023-01-28', date '2023-01-29', true, '春节'),
    (date '2023-04-05', date '2023-04-05', false, '清明节'),
    (date '2023-04-23', date '2023-04-23', true, '劳动节'),
    (date '2023-04-29', date '2023-05-03', false, '劳动节'),
    (date '2023-05-06', date '2023-05-06', true, '劳动节'),
    (date '2023-06-22', date '2023-06-24', false, '端午节'),
    (date '2023-06-25', date '2023-06-25', true, '端午节'),
    (date '2023-09-29', date '2023-10-06', false, '中秋节、国庆节'),
    (date '2023-10-07', date '2023-10-08', true, '中秋节、国庆节'),
    (date '2024-01-01', date '2024-01-01', false, '元旦'),
    (date '2024-02-04', date '2024-02-04', true, '春节'),
    (date '2024-02-10', date '2024-02-17', false, '春节'),
    (date '2024-02-18', date '2024-02-18', true, '春节'),
    (date '2024-04-04', date '2024-04-06', false, '清明节'),
    (date '2024-04-07', date '2024-04-07', true, '清明节'),
    (date '2024-04-28', date '2024-04-28', true, '劳动节'),
    (date '2024-05-01', date '2024-05-05', false, '劳动节'),
    (date '2024-05-11', date '2024-05-11', true, '劳动节'),
    (date '2024-06-10', date '2024-06-10', false, '端午节'),
    (date '2024-09-14', date '2024-09-14', true, '中秋节'),
    (date '2024-09-15', date '2024-09-17', false, '中秋节'),
    (date '2024-09-29', date '2024-09-29', true, '国庆节'),
    (date '2024-10-01', date '2024-10-07', false, '国庆节'),
    (date '2024-10-12', date '2024-10-12', true, '国庆节'),
    (date '2025-01-01', date '2025-01-01', false, '元旦'),
    (date '2025-01-26', date '2025-01-26', true, '春节'),
    (date '2025-01-28', date '2025-02-04', false, '春节'),
    (date '2025-02-08', date '2025-02-08', true, '春节'),
    (date '2025-04-04', date '2025-04-06', false, '清明节'),
    (date '2025-04-27', date '2025-04-27', true, '劳动节'),
    (date '2025-05-01', date '2025-05-05', false, '劳动节'),
    (date '2025-05-31', date '2025-06-02', false, '端午节'),
    (date '2025-09-28', date '2025-09-28', true, '国庆节、中秋节'),
    (date '2025-10-01', date '2025-10-08', false, '国庆节、中秋节'),
    (date '2025-10-11', date '2025-10-11', true, '国庆节、中秋节'),
    (date '2026-01-01', date '2026-01-03', false, '元旦'),
    (date '2026-01-04', date '2026-01-04', true, '元旦'),
    (date '2026-02-14', date '2026-02-14', true, '春节'),
    (date '2026-02-15', date '2026-02-23', false, '春节'),
    (date '2026-02-28', date '2026-02-28', true, '春节'),
    (date '2026-04-04', date '2026-04-06', false, '清明节'),
    (date '2026-05-01', date '2026-05-05', false, '劳动节'),
    (date '2026-05-09', date '2026-05-09', true, '劳动节'),
    (date '2026-06-19', date '2026-06-21', false, '端午节'),
    (date '2026-09-20', date '2026-09-20', true, '国庆节'),
    (date '2026-09-25', date '2026-09-27', false, '中秋节'),
    (date '2026-10-01', date '2026-10-07', false, '国庆节'),
    (date '2026-10-10', date '2026-10-10', true, '国庆节')
), special AS (
    SELECT day::date, works, name FROM span CROSS JOIN LATERAL generate_series(first, last, interval '1 day') AS day
)
INSERT INTO calendar_years
    SELECT year, 1, document_no,
        (SELECT jsonb_agg(jsonb_build_object('day', day, 'works', works, 'name', name) ORDER BY day) FROM special WHERE extract(year FROM day) = year),
        'dikuai', now()
    FROM notice;

-- +goose Down
DROP TABLE working_days, calendar_years;
DROP FUNCTION arrange_working_days;
