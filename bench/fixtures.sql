-- Schools by the thousand, set-wise and without history. Every id follows from its row's place.
INSERT INTO scheduling_district
SELECT md5('district')::uuid AS id, now() AS created_at, now() AS updated_at, '' AS sourced_id,
       1 AS revision, '{}'::jsonb AS metadata, 'Bench' AS name, 'bench' AS slug;

INSERT INTO scheduling_school (id, created_at, updated_at, sourced_id, revision, metadata, name, slug,
    timezone, weekdays, is_public, passing_minutes_cap, revision_token, district_id)
SELECT md5('school ' || n)::uuid, now(), now(), '', 1, '{}', 'Bench ' || lpad(n::text, 6, '0'),
       'bench-' || lpad(n::text, 6, '0'), 'America/Chicago',
       '["monday", "tuesday", "wednesday", "thursday", "friday"]', true, 10, gen_random_uuid(),
       md5('district')::uuid
FROM generate_series(0, %(schools)s - 1) n;

INSERT INTO scheduling_academicyear (id, created_at, updated_at, sourced_id, revision, metadata,
    start_date, end_date, name, cycle_days, cycle_policy, cycle_start, school_id)
SELECT md5('year ' || n || ' ' || y)::uuid, now(), now(), '', 1, '{}', first + 364 * y,
       first + 364 * y + 356, 'Year ' || y, '["A", "B"]', 'pause', first + 364 * y,
       md5('school ' || n)::uuid
FROM generate_series(0, %(schools)s - 1) n, generate_series(0, (%(semesters)s - 1) / 2) y,
     LATERAL (SELECT %(first)s::date + n %% %(spread)s AS first) s;

INSERT INTO scheduling_term (id, created_at, updated_at, sourced_id, revision, metadata, start_date,
    end_date, term_type, sequence, structure, name, year_start, year_end, academic_year_id, school_id)
SELECT md5('term ' || n || ' ' || t)::uuid, now(), now(), '', 1, '{}', first + 182 * t,
       first + 182 * t + 174, 'SEM' || t %% 2 + 1, t %% 2 + 1, 'SEM', 'Semester ' || t %% 2 + 1,
       first + 364 * (t / 2), first + 364 * (t / 2) + 356, md5('year ' || n || ' ' || t / 2)::uuid,
       md5('school ' || n)::uuid
FROM generate_series(0, %(schools)s - 1) n, generate_series(0, %(semesters)s - 1) t,
     LATERAL (SELECT %(first)s::date + n %% %(spread)s AS first) s;

INSERT INTO scheduling_quarter (id, created_at, updated_at, sourced_id, revision, metadata,
    start_date, end_date, quarter_type, sequence, term_type, term_start, term_end, term_id, school_id)
SELECT md5('quarter ' || n || ' ' || t || ' ' || q)::uuid, now(), now(), '', 1, '{}',
       first + 182 * t + 87 * q, first + 182 * t + 86 + 88 * q, 'Q' || 2 * (t %% 2) + q + 1, q + 1,
       'SEM' || t %% 2 + 1, first + 182 * t, first + 182 * t + 174,
       md5('term ' || n || ' ' || t)::uuid, md5('school ' || n)::uuid
FROM generate_series(0, %(schools)s - 1) n, generate_series(0, %(semesters)s - 1) t,
     generate_series(0, 1) q, LATERAL (SELECT %(first)s::date + n %% %(spread)s AS first) s;

INSERT INTO scheduling_break (id, created_at, updated_at, sourced_id, revision, metadata, start_date,
    end_date, name, kind, counts_weeks, year_start, year_end, academic_year_id, school_id)
SELECT md5('break ' || n || ' ' || b)::uuid, now(), now(), '', 1, '{}', first + 40 * b + 20,
       first + 40 * b + 20 + b %% 3, 'Break ' || b, 'holiday', false, first, first + 356,
       md5('year ' || n || ' 0')::uuid, md5('school ' || n)::uuid
FROM generate_series(0, %(bells)s - 1) n, generate_series(0, 7) b,
     LATERAL (SELECT %(first)s::date + n %% %(spread)s AS first) s;

INSERT INTO scheduling_periodtemplate (id, created_at, updated_at, sourced_id, revision, metadata,
    code, name, is_default, is_archived, school_id)
SELECT md5('template ' || n || ' ' || p)::uuid, now(), now(), '', 1, '{}', 'kind-' || p, 'Kind ' || p,
       p = 0, false, md5('school ' || n)::uuid
FROM generate_series(0, %(bells)s - 1) n, generate_series(0, 2) p;

INSERT INTO scheduling_perioddefinition (id, created_at, updated_at, sourced_id, revision, number,
    name, type, start, length, passing, track, irregular, meta, "end", template_id, school_id)
SELECT md5('period ' || n || ' ' || p || ' ' || i)::uuid, now(), now(), '', 1, i + 1,
       'Period ' || i + 1, CASE i WHEN 4 THEN 'lunch' ELSE 'class' END, start, 44, 6, '', false, '{}',
       start + interval '44 minutes', md5('template ' || n || ' ' || p)::uuid,
       md5('school ' || n)::uuid
FROM generate_series(0, %(bells)s - 1) n, generate_series(0, 2) p, generate_series(0, 7) i,
     LATERAL (SELECT time '08:30' + interval '1 minute' * (50 * i + 10 * p) AS start) s;

INSERT INTO scheduling_schedulerule (id, created_at, updated_at, sourced_id, revision, metadata,
    weekdays, cycle_day, valid_from, valid_to, academic_year_id, template_id, school_id)
SELECT md5('rule ' || n)::uuid, now(), now(), '', 1, '{}', '["monday"]', '', NULL, NULL,
       md5('year ' || n || ' 0')::uuid, md5('template ' || n || ' 1')::uuid, md5('school ' || n)::uuid
FROM generate_series(0, %(bells)s - 1) n;

INSERT INTO scheduling_dayoverride (id, created_at, updated_at, sourced_id, revision, metadata,
    start_date, end_date, name, closed, cycle_day, holds_cycle, year_start, year_end,
    academic_year_id, template_id, school_id)
SELECT md5('override ' || n || ' ' || o)::uuid, now(), now(), '', 1, '{}', first + 15 * o + 8,
       first + 15 * o + 8, 'Special ' || o, false, '', false, first, first + 356,
       md5('year ' || n || ' 0')::uuid, md5('template ' || n || ' 2')::uuid, md5('school ' || n)::uuid
FROM generate_series(0, %(bells)s - 1) n, generate_series(0, 7) o,
     LATERAL (SELECT %(first)s::date + n %% %(spread)s AS first) s;
