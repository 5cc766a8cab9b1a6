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

-- +goose Down
drop trigger stayed on cases;
drop function app.stayed();
drop table step_stays;
drop index cases_by_team;
