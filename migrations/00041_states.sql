-- What becomes of a case after its exit: followed up, then closed (domain.md 1.0, step 6).
-- +goose Up

-- Which of the four quarters after the exit anything is known of, as bits 1, 2, 4 and 8: repeated from wage_records
-- because every list of people to follow up asks for it.
alter table cases add column known_quarters int not null default 0 check (known_quarters between 0 and 15);

create function app.known_quarters(agency uuid, person uuid, exited date) returns int language sql stable
    return (select coalesce(bit_or(1 << (w.quarter - app.quarter_of(exited) - 1)), 0) from public.wage_records w
        where w.agency_id = agency and w.participant_id = person and not w.withdrawn
            and w.quarter between app.quarter_of(exited) + 1 and app.quarter_of(exited) + 4
            and not exists (select from public.wage_records n where n.agency_id = w.agency_id and n.supersedes = w.id));

-- outcomes_known_on is the day on which something was known of each of the four.
create function app.outcomes_known_on(agency uuid, person uuid, exited date) returns date language sql stable
    return (select cast(max(q.known_at) at time zone (select a.time_zone from public.agencies a where a.id = agency) as date) from (
        select w.quarter, min(w.recorded_at) as known_at from public.wage_records w
        where w.agency_id = agency and w.participant_id = person and not w.withdrawn
            and w.quarter between app.quarter_of(exited) + 1 and app.quarter_of(exited) + 4
            and not exists (select from public.wage_records n where n.agency_id = w.agency_id and n.supersedes = w.id)
        group by w.quarter) q having count(*) = 4);

-- state_after is the state of a case whose exit is fixed: exited until anybody has followed it up since, and closed once
-- all four quarters are known and the twelve months of follow-up services are over, or follow-up is over otherwise.
create function app.state_after(agency uuid, of_case uuid, exited date, known int, today date) returns text language sql stable
    return case
        when not app.followed_up(agency, of_case, exited, today) then 'closed'
        when known = 15 and today >= exited + interval '12 months' then 'closed'
        when known > 0 or exists (select from public.services s where s.agency_id = agency and s.case_id = of_case
            and s.code in ('F01', 'Y09') and not s.planned and s.cancels is null and s.given_on > exited + 90) then 'follow_up'
        else 'exited' end;

grant execute on function app.known_quarters(uuid, uuid, date), app.outcomes_known_on(uuid, uuid, date), app.state_after(uuid, uuid, date, int, date) to waymark_app;

create index cases_after_exit on cases (agency_id, exit_on) where exit_on is not null and state in ('exited', 'follow_up');

update cases set known_quarters = app.known_quarters(agency_id, participant_id, exit_on) where exit_on is not null;
update cases set state = app.state_after(agency_id, id, exit_on, known_quarters, current_date) where exit_on is not null and state in ('exited', 'follow_up', 'closed');

-- +goose Down
drop index cases_after_exit;
drop function app.state_after(uuid, uuid, date, int, date);
drop function app.outcomes_known_on(uuid, uuid, date);
drop function app.known_quarters(uuid, uuid, date);
alter table cases drop column known_quarters;
