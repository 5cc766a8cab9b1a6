-- +goose Up
-- Wages as they were given: by the hour, week, month or year they are made into those of a quarter.
alter table wage_records
    add entered_cents bigint check (entered_cents >= 0),
    add unit          text not null default 'quarter' check (unit in ('quarter', 'hour', 'week', 'two_weeks', 'month', 'year')),
    add weekly_hours  numeric(5, 2) check (weekly_hours > 0 and weekly_hours <= 168),
    add constraint wage_records_hours check ((unit = 'hour') = (weekly_hours is not null)),
    add constraint wage_records_entered check (unit = 'quarter' or entered_cents is not null);

-- What became of each line of a wage file that was taken in.
create table wage_import_lines (
    agency_id      uuid not null references agencies,
    import_id      uuid not null,
    line           int not null check (line > 1),
    -- The person as the file names them, and by what they were found.
    person         text not null,
    matched        text not null check (matched in ('number', 'export_id', '')),
    participant_id uuid,
    quarter        int,
    employment     text not null,
    entered_cents  bigint,
    unit           text not null,
    weekly_hours   numeric(5, 2),
    wages_cents    bigint,
    fein           text not null default '',
    result         text not null check (result in ('added', 'changed', 'same', 'skipped')),
    wage_id        uuid,
    replaced_id    uuid,
    primary key (agency_id, import_id, line),
    foreign key (agency_id, import_id) references wage_imports,
    foreign key (agency_id, participant_id) references participants,
    foreign key (agency_id, wage_id) references wage_records,
    foreign key (agency_id, replaced_id) references wage_records,
    check ((result = 'skipped') = (wage_id is null)),
    check ((result = 'changed') = (replaced_id is not null))
);
call app.secure('wage_import_lines', '', 'select, insert');
call app.keep('wage_import_lines');

-- +goose Down
drop table wage_import_lines;
alter table wage_records drop constraint wage_records_hours, drop constraint wage_records_entered, drop entered_cents, drop unit, drop weekly_hours;
