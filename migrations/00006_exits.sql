-- Exits from participation, as the sweep fixed them and as later entries changed them.

-- +goose Up
create table exits (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    -- fixed by the sweep; moved or rescinded by a late entry; disputed when the late entry would open a
    -- period beside a newer one; kept when a supervisor decided so.
    kind        text not null check (kind in ('fixed', 'moved', 'rescinded', 'disputed', 'kept')),
    -- The last qualifying day, element 901; none when the period is open again.
    exit_on     date,
    day_90      date,
    -- The day of the sweep or of the entry.
    as_of       date not null,
    service_id  uuid,
    newer_case_id uuid,
    reason      text not null default '',
    recorded_by uuid,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, newer_case_id) references cases,
    foreign key (agency_id, service_id) references services,
    check ((exit_on is null) = (kind = 'rescinded')),
    check ((newer_case_id is not null) = (kind = 'disputed')),
    check (kind <> 'kept' or reason <> '')
);
create index exits_by_case on exits (agency_id, case_id, recorded_at desc, id desc);
create index exits_disputed on exits (agency_id, recorded_at) where kind = 'disputed';
call app.secure('exits', 'exists (select from cases c where c.agency_id = exits.agency_id and c.id = case_id)', 'select, insert');
call app.keep('exits');
-- What the sweep looks for.
create index cases_running_out on cases (agency_id, last_qualifying_on) where started_on is not null and state not in ('ineligible', 'exited', 'follow_up', 'closed');
create index cases_by_exit on cases (agency_id, exit_on) where exit_on is not null;

-- +goose Down
drop index cases_by_exit;
drop index cases_running_out;
drop table exits;
