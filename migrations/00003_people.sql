-- Participants and their cases. A participant is a person; a case is one enrolment episode of that person.
-- +goose Up
create table participants (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    -- What staff say aloud, e.g. CP-20312, and the random federal id (element 100), never derived from the SSN.
    number         text not null,
    export_id      text not null check (length(export_id) = 12),
    first_name     text not null check (first_name <> ''),
    middle_name    text not null default '',
    last_name      text not null check (last_name <> ''),
    preferred_name text not null default '',
    prior_names    text not null default '',
    birth_date     date,
    phone          text not null default '',
    phone_digits   text generated always as (regexp_replace(phone, '[^0-9]', '', 'g')) stored,
    texts_ok       boolean not null default false,
    safe_to_leave_message boolean not null default false,
    best_time      text not null default '',
    email          text not null default '',
    street         text not null default '',
    city           text not null default '',
    state          text not null default '',
    zip            text not null default '',
    county_fips    text not null default '',
    housing        text not null default '',
    language       text not null default 'en',
    interpreter    boolean not null default false,
    ssn_cipher     bytea,
    ssn_last4      text not null default '',
    ssn_hmac       bytea,
    office_id      uuid not null,
    created_by     uuid,
    search_key     text collate "C" generated always as (app.fold(last_name || ', ' || first_name)) stored,
    version        int not null default 1,
    created_at     timestamptz not null default clock_timestamp(),
    updated_at     timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, office_id) references offices
);
create unique index participants_by_number on participants (agency_id, number);
create unique index participants_by_export_id on participants (agency_id, export_id);
create unique index participants_by_ssn on participants (agency_id, ssn_hmac) where ssn_hmac is not null;
create index participants_by_name on participants (agency_id, search_key);
create index participants_by_birth on participants (agency_id, birth_date);
create index participants_by_phone on participants (agency_id, phone_digits);
create index participants_fuzzy on participants using gin (search_key gin_trgm_ops);
call app.secure('participants', 'id = (select app.person())', 'select, insert, update');
alter table users add foreign key (agency_id, participant_id) references participants;

create table participant_numbers (agency_id uuid primary key references agencies, last int not null);
call app.secure('participant_numbers', '', 'select, insert, update');

create table cases (
    agency_id        uuid not null references agencies,
    id               uuid not null,
    participant_id   uuid not null,
    previous_case_id uuid,
    office_id        uuid not null,
    case_manager_id  uuid not null,
    -- domain.md 1.0
    state            text not null default 'applicant' check (state in
        ('inquiry', 'applicant', 'eligible', 'ineligible', 'participant', 'planned', 'active', 'hold', 'exited', 'follow_up', 'closed')),
    -- The first of the six steps whose exit gate is not met.
    step             int not null default 1 check (step between 1 and 6),
    programs         text[] not null default '{}',
    opened_on        date not null,
    -- Facts repeated from the tables that hold them, written in the same transaction, because every list sorts by them.
    pathway_code     text not null default '',
    area_code        text not null default '',
    pathway_step     int,
    next_on          date,
    next_at          time,
    next_kind        text not null default '',
    next_place       text not null default '',
    last_contact_on  date,
    last_reached_on  date,
    unanswered       int not null default 0,
    milestone_key    text not null default '',
    milestone_title  text not null default '',
    milestone_due_on date,
    milestones_done  int not null default 0,
    milestones_total int not null default 0,
    progress_on      date,
    plan_state       text not null default '',
    plan_waiting_since timestamptz,
    started_on       date,
    last_qualifying_on date,
    held_until       date,
    notice_given_on  date,
    paused_on        date,
    left_on          date,
    left_reason      text not null default '',
    resume_step      int check (resume_step between 1 and 6),
    exit_on          date,
    step_since       date not null,
    version          int not null default 1,
    created_at       timestamptz not null default clock_timestamp(),
    updated_at       timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, participant_id) references participants,
    foreign key (agency_id, previous_case_id) references cases,
    foreign key (agency_id, office_id) references offices,
    foreign key (agency_id, case_manager_id) references users
);
create unique index cases_one_open on cases (agency_id, participant_id) where state not in ('ineligible', 'exited', 'follow_up', 'closed');
create index cases_by_manager on cases (agency_id, case_manager_id, next_on, id) where state not in ('ineligible', 'exited', 'follow_up', 'closed');
create index cases_by_office on cases (agency_id, office_id, step) where state not in ('ineligible', 'exited', 'follow_up', 'closed');
create index cases_by_participant on cases (agency_id, participant_id, opened_on desc);
call app.secure('cases', 'participant_id = (select app.person())', 'select, insert, update');

-- Who worked with whom, when. cases.case_manager_id is the row that has no end.
create table assignments (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    user_id     uuid not null,
    office_id   uuid not null,
    from_on     date not null,
    until_on    date,
    assigned_by uuid,
    note        text not null default '',
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, user_id) references users
);
create unique index assignments_current on assignments (agency_id, case_id) where until_on is null;
call app.secure('assignments', 'exists (select from cases c where c.agency_id = assignments.agency_id and c.id = case_id)', 'select, insert, update');

-- Cover for a colleague's whole caseload, with an end; it never chains.
create table coverages (
    agency_id       uuid not null references agencies,
    id              uuid not null,
    case_manager_id uuid not null,
    delegate_id     uuid not null,
    approved_by     uuid not null,
    from_on         date not null,
    until_on        date not null,
    ended_at        timestamptz,
    recorded_at     timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_manager_id) references users,
    foreign key (agency_id, delegate_id) references users,
    check (delegate_id <> case_manager_id and approved_by <> delegate_id),
    check (until_on >= from_on and until_on <= from_on + 30)
);
create index coverages_by_delegate on coverages (agency_id, delegate_id, case_manager_id, from_on, until_on) where ended_at is null;
call app.secure('coverages', '', 'select, insert, update');

-- What is agreed to happen on a day: the next check-in, an intake talk, a talk about choices.
create table appointments (
    agency_id    uuid not null references agencies,
    id           uuid not null,
    case_id      uuid not null,
    kind         text not null check (kind in ('check_in', 'intake', 'choice', 'goals', 'plan', 'class', 'interview', 'other')),
    on_date      date not null,
    at_time      time,
    place        text not null default 'office' check (place in ('office', 'phone', 'video', 'text', 'elsewhere')),
    address      text not null default '',
    bring        text not null default '',
    bring_es     text not null default '',
    state        text not null default 'planned' check (state in ('planned', 'kept', 'missed', 'moved', 'cancelled')),
    answer       text not null default '' check (answer in ('', 'coming', 'another_time')),
    answered_at  timestamptz,
    answer_note  text not null default '',
    made_by      uuid,
    version      int not null default 1,
    created_at   timestamptz not null default clock_timestamp(),
    updated_at   timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create unique index appointments_one_check_in on appointments (agency_id, case_id) where kind = 'check_in' and state = 'planned';
create index appointments_planned on appointments (agency_id, case_id, on_date) where state = 'planned';
call app.secure('appointments', 'exists (select from cases c where c.agency_id = appointments.agency_id and c.id = case_id)', 'select, insert, update');

-- What a participant tells us between talks: a word, how the week goes, stuck, a wish to change.
create table signals (
    agency_id uuid not null references agencies,
    id        uuid not null,
    case_id   uuid not null,
    kind      text not null check (kind in ('message', 'feeling', 'another_time')),
    feeling   text not null default '' check (feeling in ('', 'good', 'so_so', 'need_help')),
    body      text not null default '' check (length(body) <= 2000),
    language  text not null default 'en',
    sent_at   timestamptz not null,
    seen_by   uuid,
    seen_at   timestamptz,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create index signals_unseen on signals (agency_id, case_id, sent_at desc) where seen_at is null;
create index signals_by_case on signals (agency_id, case_id, sent_at desc);
call app.secure('signals', 'exists (select from cases c where c.agency_id = signals.agency_id and c.id = case_id)', 'select, insert, update');

-- What was asked of somebody else and has not come yet, e.g. a transcript.
create table requests (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    what        text not null check (what <> ''),
    from_whom   text not null check (from_whom <> ''),
    asked_on    date not null,
    received_on date,
    asked_by    uuid,
    version     int not null default 1,
    created_at  timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create index requests_open on requests (agency_id, case_id) where received_on is null;
call app.secure('requests', '', 'select, insert, update');

create table notes (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    visibility  text not null check (visibility in ('shared', 'staff', 'restricted')),
    subject     text not null default '',
    body        text not null check (body <> '' and length(body) <= 8000),
    about       text not null default '',
    about_id    uuid,
    written_on  date not null,
    author_id   uuid not null,
    recorded_at timestamptz not null default clock_timestamp(),
    -- A correction is a new note that names the one it stands for.
    supersedes  uuid,
    reason      text not null default '',
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, author_id) references users,
    foreign key (agency_id, supersedes) references notes
);
create index notes_by_case on notes (agency_id, case_id, written_on desc, id desc);
create index notes_superseded on notes (agency_id, supersedes) where supersedes is not null;
call app.secure('notes', 'visibility = ''shared'' and exists (select from cases c where c.agency_id = notes.agency_id and c.id = case_id)', 'select, insert');
call app.keep('notes');

-- Equal-opportunity answers (29 CFR 38.41): a store of their own, written by staff and participants, read back by neither.
create table equity.answers (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    participant_id uuid not null,
    sex            text not null default '',
    ethnicity      text not null default '',
    race           text[] not null default '{}',
    disability     text not null default '',
    recorded_by    uuid not null,
    recorded_on    date not null,
    recorded_at    timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, participant_id) references public.participants
);
-- Only inserting is granted: there is no door through which the program reads a row back.
call app.secure('equity.answers', 'participant_id = (select app.person())', 'insert');
call app.keep('equity.answers');
-- Whether it was asked at all is an ordinary fact of intake.
create table equity.asked (
    agency_id uuid not null references agencies,
    case_id   uuid not null,
    asked_on  date not null,
    asked_by  uuid not null,
    primary key (agency_id, case_id),
    foreign key (agency_id, case_id) references public.cases
);
call app.secure('equity.asked', '', 'select, insert');

-- +goose Down
drop table equity.asked, equity.answers, notes, requests, signals, appointments, coverages, assignments, cases, participant_numbers, participants cascade;
