-- Results: what was found out after the exit, targets, and what is sent to the federal reporting system.
-- +goose Up

-- Quarters are counted as year*4 + 0..3, as in package participation, so that they add and subtract.
create function app.quarter_of(d date) returns int language sql immutable parallel safe
    return cast(extract(year from d) as int) * 4 + (cast(extract(month from d) as int) - 1) / 3;
create function app.quarter_first(q int) returns date language sql immutable parallel safe
    return make_date(q / 4, q % 4 * 3 + 1, 1);
grant execute on function app.quarter_of(date), app.quarter_first(int) to waymark_app;

-- Being in school counts: an enrolment is an outcome with its level and, once it is over, its end.
alter table outcomes drop constraint outcomes_kind_check;
alter table outcomes add constraint outcomes_kind_check check (kind in ('job', 'credential', 'skill_gain', 'schooling'));

create unique index outcomes_superseded on outcomes (agency_id, supersedes) where supersedes is not null;

create table wage_imports (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    name        text not null,
    sha256      bytea not null,
    source      text not null check (source in ('1', '2', '3')),
    line_count  int not null,
    person_count int not null,
    added       int not null,
    changed     int not null,
    same        int not null,
    report      jsonb not null,
    imported_on date not null,
    imported_by uuid,
    recorded_at timestamptz not null,
    primary key (agency_id, id)
);
create index wage_imports_by_time on wage_imports (agency_id, recorded_at desc, id desc);
call app.secure('wage_imports', '', 'select, insert');
call app.keep('wage_imports');

-- Employment and wages of a person in one quarter by one source: 1 unemployment insurance, 2 federal,
-- 3 military, 4 supplemental (elements 1600 to 1607 and 1700 to 1706). No row means not known yet.
create table wage_records (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    participant_id uuid not null,
    quarter        int not null check (quarter between 7600 and 8800),
    source         text not null check (source in ('1', '2', '3', '4')),
    -- 0 not employed, 1 employed, 2 in a registered apprenticeship, 3 in the military
    employment     text not null check (employment in ('0', '1', '2', '3')),
    wages_cents    bigint check (wages_cents >= 0 and wages_cents < 99999999),
    feins          text[] not null default '{}',
    naics          text not null default '',
    evidence       text not null default '',
    -- Taken back: the row stands for the one it names and says nothing.
    withdrawn      boolean not null default false,
    import_id      uuid,
    supersedes     uuid,
    reason         text not null default '',
    recorded_on    date not null,
    recorded_by    uuid,
    recorded_at    timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, participant_id) references participants,
    foreign key (agency_id, import_id) references wage_imports,
    foreign key (agency_id, supersedes) references wage_records,
    check (supersedes is null or reason <> ''),
    check (supersedes is not null or not withdrawn),
    check (source <> '4' or evidence <> ''),
    check ((source <> '4') = (import_id is not null)),
    check (employment <> '0' or coalesce(wages_cents, 0) = 0)
);
create unique index wage_records_superseded on wage_records (agency_id, supersedes) where supersedes is not null;
-- One chain of corrections for a person, quarter and source.
create unique index wage_records_first on wage_records (agency_id, participant_id, quarter, source) where supersedes is null;
create index wage_records_by_person on wage_records (agency_id, participant_id, quarter);
call app.secure('wage_records', '', 'select, insert');
call app.keep('wage_records');

-- Follow-up that somebody declined, or that nobody can give because the person cannot be found.
create table follow_up_ends (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    why         text not null check (why in ('declined', 'not_located', 'resumed')),
    on_date     date not null,
    note        text not null default '',
    recorded_by uuid not null,
    recorded_at timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create index follow_up_ends_by_case on follow_up_ends (agency_id, case_id, recorded_at desc, id desc);
call app.secure('follow_up_ends', '', 'select, insert');
call app.keep('follow_up_ends');

-- The adjusted level of an indicator: per mille, or cents for earnings. The newest row of a year holds.
create table targets (
    agency_id    uuid not null references agencies,
    id           uuid not null,
    program      text not null,
    indicator    text not null,
    program_year int not null check (program_year between 2000 and 2100),
    level        bigint not null check (level >= 0),
    recorded_on  date not null,
    recorded_by  uuid not null,
    recorded_at  timestamptz not null,
    primary key (agency_id, id)
);
create index targets_by_year on targets (agency_id, program_year, program, indicator, recorded_at desc, id desc);
call app.secure('targets', '', 'select, insert');
call app.keep('targets');

-- The federal record layout is data: columns in order, each with the derivation that fills it.
create table pirl_schemas (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    version     text not null check (version <> ''),
    official    boolean not null default false,
    columns     jsonb not null,
    loaded_on   date not null,
    loaded_by   uuid,
    recorded_at timestamptz not null,
    primary key (agency_id, id),
    unique (agency_id, version)
);
call app.secure('pirl_schemas', '', 'select, insert');
call app.keep('pirl_schemas');

-- A quarter as it was sent: the file byte by byte, the numbers, and what they were counted from.
create table submissions_pirl (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    quarter     int not null,
    revision    int not null check (revision > 0),
    schema_id   uuid not null,
    as_of       date not null,
    row_count   int not null,
    sha256      bytea not null,
    content     text not null,
    numbers     jsonb not null,
    note        text not null default '',
    submitted_by uuid not null,
    recorded_at timestamptz not null,
    primary key (agency_id, id),
    unique (agency_id, quarter, revision),
    foreign key (agency_id, schema_id) references pirl_schemas,
    check (revision = 1 or note <> '')
);
call app.secure('submissions_pirl', '', 'select, insert');
call app.keep('submissions_pirl');

-- +goose Down
drop table submissions_pirl, pirl_schemas, targets, follow_up_ends, wage_records, wage_imports;
drop index outcomes_superseded;
drop function app.quarter_first(int);
drop function app.quarter_of(date);
