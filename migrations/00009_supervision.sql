-- What supervisors work with: how long people stood in a step, transfers, messages, saved views,
-- questions about a check-in, file reviews, and who gets which pathway.
-- +goose Up

-- The team page reads one office's open cases and nothing else, so that it does not grow with the agency.
create index cases_by_team on cases (agency_id, office_id, case_manager_id, step)
    include (id, step_since, next_on, paused_on, progress_on, last_reached_on)
    where state not in ('ineligible', 'exited', 'follow_up', 'closed');

-- Each time a case leaves a step: how long it had stood there. Written by the database itself, so that no
-- way of changing the step can forget it.
create table step_stays (
    agency_id uuid not null references agencies,
    id        uuid not null default gen_random_uuid(),
    case_id   uuid not null,
    step      int not null check (step between 1 and 6),
    from_on   date not null,
    until_on  date not null,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create index step_stays_by_case on step_stays (agency_id, case_id, step, until_on);
call app.secure('step_stays', '', 'select, insert');
call app.keep('step_stays');
-- +goose StatementBegin
create function app.stayed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into step_stays (agency_id, case_id, step, from_on, until_on)
    values (new.agency_id, new.id, old.step, old.step_since, greatest(old.step_since, new.step_since));
    return null;
end $$;
-- +goose StatementEnd
create trigger stayed after update of step on cases for each row when (old.step <> new.step) execute function app.stayed();

-- What staff write to a participant, and what the program tells them. Their side is table signals.
create table messages (
    agency_id uuid not null references agencies,
    id        uuid not null,
    case_id   uuid not null,
    -- Nobody wrote what the program says by itself.
    author_id uuid,
    kind      text not null check (kind in ('message', 'new_person')),
    language  text not null default 'en',
    body      text not null check (body <> '' and length(body) <= 2000),
    sent_at   timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, author_id) references users
);
create index messages_by_case on messages (agency_id, case_id, sent_at desc, id desc);
call app.secure('messages', 'exists (select from cases c where c.agency_id = messages.agency_id and c.id = case_id)', 'select, insert');
call app.keep('messages');

-- People moved from one case manager to another: all of them or none.
create table transfers (
    agency_id    uuid not null references agencies,
    id           uuid not null,
    to_id        uuid not null,
    effective_on date not null,
    note         text not null default '' check (length(note) <= 2000),
    -- Why somebody over the limit takes more.
    reason       text not null default '' check (length(reason) <= 500),
    state        text not null check (state in ('planned', 'done', 'cancelled', 'refused')),
    refused      text not null default '',
    count_before int,
    count_after  int,
    made_by      uuid not null,
    made_at      timestamptz not null,
    done_at      timestamptz,
    version      int not null default 1,
    primary key (agency_id, id),
    foreign key (agency_id, to_id) references users,
    foreign key (agency_id, made_by) references users,
    check (state <> 'done' or count_before = count_after and done_at is not null)
);
create index transfers_planned on transfers (agency_id, effective_on) where state = 'planned';
create index transfers_by_time on transfers (agency_id, made_at desc, id desc);
call app.secure('transfers', '', 'select, insert, update');

-- Each person of a transfer, with what the receiver needs to know, as it stood on the day.
create table transfer_cases (
    agency_id   uuid not null references agencies,
    transfer_id uuid not null,
    case_id     uuid not null,
    from_id     uuid not null,
    packet      jsonb not null default '{}',
    primary key (agency_id, transfer_id, case_id),
    foreign key (agency_id, transfer_id) references transfers,
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, from_id) references users
);
create index transfer_cases_by_case on transfer_cases (agency_id, case_id);
call app.secure('transfer_cases', '', 'select, insert, update');
create index assignments_by_case on assignments (agency_id, case_id, from_on);

-- A list's address under a name of one's own.
create table saved_views (
    agency_id  uuid not null references agencies,
    id         uuid not null,
    user_id    uuid not null,
    name       text not null check (name <> '' and length(name) <= 60),
    query      text not null check (length(query) <= 1000),
    created_at timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, user_id) references users
);
create unique index saved_views_by_name on saved_views (agency_id, user_id, lower(name));
call app.secure('saved_views', 'user_id = (select app.actor())', 'select, insert, update, delete');

-- +goose Down
drop table saved_views;
drop index assignments_by_case;
drop table transfer_cases, transfers, messages;
drop trigger stayed on cases;
drop function app.stayed();
drop table step_stays;
drop index cases_by_team;
