-- People who left and are still followed up belong to somebody's work, as the open cases do.
-- +goose Up

-- Somebody who left is to be followed up until the fourth quarter after the exit can no longer be matched, unless a
-- federal reason leaves them out or follow-up has ended.
create function app.followed_up(agency uuid, of_case uuid, exited date, today date) returns boolean language sql stable
    return exited > today - 730
        and coalesce((select case when d.kind = 'return' then '00' else d.exclusion end from public.departures d where d.agency_id = agency and d.case_id = of_case
            and d.kind in ('exit', 'return', 'exclusion') order by d.recorded_at desc, d.id desc limit 1), '00') not in ('01', '02', '03', '04', '07')
        and coalesce((select f.why from public.follow_up_ends f where f.agency_id = agency and f.case_id = of_case order by f.recorded_at desc, f.id desc limit 1), 'resumed') = 'resumed';
grant execute on function app.followed_up(uuid, uuid, date, date) to waymark_app;
create index cases_left_by_manager on cases (agency_id, case_manager_id, exit_on) where exit_on is not null;
create index cases_left_by_office on cases (agency_id, office_id, exit_on) where exit_on is not null;

-- +goose Down
drop index cases_left_by_office;
drop index cases_left_by_manager;
drop function app.followed_up(uuid, uuid, date, date);
