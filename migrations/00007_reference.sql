-- Reference data that publishers give everybody: occupations, pay, projections, programs. It belongs to no agency;
-- the program reads it, only the owner's import writes it. Likes are the participant's own word and do belong to one.
-- +goose Up
create schema reference;
grant usage on schema reference to waymark_app;

create table reference.sets (
    name        text primary key,
    vintage     text not null,
    layout      text not null,
    source      text not null,
    licence     text not null,
    files       text[] not null,
    rows        int not null,
    sha256      text not null,
    imported_at timestamptz not null
);
create table reference.occupations (
    soc         text primary key check (soc ~ '^[0-9]{2}-[0-9]{4}\.[0-9]{2}$'),
    title       text not null check (title <> ''),
    description text not null,
    -- the codes under which the Bureau of Labor Statistics publishes the occupation; not always the bare SOC
    oews_code   text,
    ep_code     text
);
create index reference_occupations_by_oews on reference.occupations (oews_code);
create table reference.job_zones (
    soc  text primary key,
    zone int not null check (zone between 1 and 5)
);
create table reference.interests (
    soc text primary key,
    r   numeric(4,2) not null check (r between 1 and 7),
    i   numeric(4,2) not null check (i between 1 and 7),
    a   numeric(4,2) not null check (a between 1 and 7),
    s   numeric(4,2) not null check (s between 1 and 7),
    e   numeric(4,2) not null check (e between 1 and 7),
    c   numeric(4,2) not null check (c between 1 and 7)
);
create table reference.skills (
    soc        text not null,
    element_id text not null,
    skill      text not null,
    importance numeric(4,2) not null check (importance between 1 and 5),
    level      numeric(4,2) check (level between 0 and 7),
    primary key (soc, element_id)
);
create table reference.education (
    soc     text not null,
    level   int not null check (level between 1 and 12),
    percent numeric(5,2) not null check (percent between 0 and 100),
    primary key (soc, level)
);
create table reference.tasks (
    soc  text not null,
    rank int not null,
    task text not null,
    primary key (soc, rank)
);
create table reference.titles (
    soc   text not null,
    title text not null,
    primary key (soc, title)
);
create table reference.related (
    soc     text not null,
    related text not null,
    rank    int not null,
    primary key (soc, related)
);
create table reference.profiler_items (
    item int primary key check (item between 1 and 60),
    type text not null check (type in ('R', 'I', 'A', 'S', 'E', 'C')),
    text text not null
);
-- Pay in cents as published; what was suppressed is null, never 0. topped says that a figure is beyond what is published.
create table reference.wages (
    set_name   text not null,
    area       text not null,
    area_name  text not null,
    code       text not null,
    year       int not null,
    employment int,
    h_mean     bigint check (h_mean > 0),
    h_p10      bigint check (h_p10 > 0),
    h_p25      bigint check (h_p25 > 0),
    h_median   bigint check (h_median > 0),
    h_p75      bigint check (h_p75 > 0),
    h_p90      bigint check (h_p90 > 0),
    a_mean     bigint check (a_mean > 0),
    a_p10      bigint check (a_p10 > 0),
    a_p25      bigint check (a_p25 > 0),
    a_median   bigint check (a_median > 0),
    a_p75      bigint check (a_p75 > 0),
    a_p90      bigint check (a_p90 > 0),
    topped     boolean not null,
    primary key (set_name, area, code)
);
create index reference_wages_by_code on reference.wages (code, area);
create table reference.projections (
    code       text primary key,
    title      text not null,
    years      text not null,
    employment bigint,
    growth     numeric(6,1),
    openings   int,
    education  text not null,
    experience text not null,
    training   text not null
);
create table reference.programs (
    cip   text primary key,
    title text not null,
    valid boolean not null
);
create table reference.program_occupations (
    cip text not null,
    soc text not null,
    primary key (cip, soc)
);
create index reference_program_occupations_by_soc on reference.program_occupations (soc, cip);
create table reference.institutions (
    unitid text primary key,
    name   text not null,
    city   text not null,
    state  text not null,
    county text not null,
    sector text not null
);
create index reference_institutions_by_state on reference.institutions (state, unitid);
create table reference.completions (
    unitid text not null,
    cip    text not null,
    award  text not null,
    awards int not null check (awards > 0),
    primary key (unitid, cip, award)
);
create index reference_completions_by_cip on reference.completions (cip, unitid);
create table reference.apprenticeships (
    code      text not null,
    title     text not null,
    training  text not null check (training in ('time_based', 'hybrid', 'competency_based')),
    hours_min int not null,
    hours_max int not null,
    soc       text not null,
    primary key (code, title, training, hours_min, hours_max, soc)
);
comment on column reference.apprenticeships.hours_min is '-1 when the list gives none';
create index reference_apprenticeships_by_soc on reference.apprenticeships (soc);
grant select on all tables in schema reference to waymark_app;

-- What a participant likes. Each word is a row; the newest one of a code holds.
create table likes (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    kind        text not null check (kind in ('area', 'occupation')),
    code        text not null check (code <> ''),
    liked       boolean not null,
    recorded_by uuid not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create index likes_by_case on likes (agency_id, case_id, kind, code, recorded_at desc, id desc);
call app.secure('likes', 'exists (select from cases c where c.agency_id = likes.agency_id and c.id = case_id)', 'select, insert');
call app.keep('likes');

-- Answers to interest statements while they are being given, one row an answer, so that a phone may stop and go on.
create table interest_answers (
    agency_id   uuid not null references agencies,
    case_id     uuid not null,
    instrument  text not null,
    item        int not null check (item between 1 and 60),
    answer      int not null check (answer between 0 and 4),
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, case_id, instrument, item),
    foreign key (agency_id, case_id) references cases
);
call app.secure('interest_answers', 'exists (select from cases c where c.agency_id = interest_answers.agency_id and c.id = case_id)', 'select, insert, update, delete');
-- +goose Down
drop table interest_answers, likes;
drop schema reference cascade;
