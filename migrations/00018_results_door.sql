-- Results: the federal file's own door to the equal-opportunity answers, and element 923 after the exit.
-- +goose Up

-- The second door to the answers, beside the counts of app.fair_shares: what was last answered by each person of
-- the agency, for the file that the law asks for. Only who may send that file is let through, and the program
-- writes down each time that it was used.
-- +goose StatementBegin
create function app.report_equity()
    returns table (participant_id uuid, sex text, ethnicity text, race text[], disability text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select distinct on (a.participant_id) a.participant_id, a.sex, a.ethnicity, a.race, a.disability
    from equity.answers a where a.agency_id = app.agency() and app.role() = 'administrator'
    order by a.participant_id, a.recorded_at desc, a.id desc $$;
-- +goose StatementEnd
revoke execute on function app.report_equity() from public;
grant execute on function app.report_equity() to waymark_app;

-- A reason for leaving out of the measures that is learned only after the exit, or taken back again: a row of its
-- own, the newest of which holds.
alter table departures drop constraint departures_kind_check;
alter table departures add constraint departures_kind_check check (kind in ('pause', 'exit', 'return', 'exclusion'));

-- +goose Down
alter table departures drop constraint departures_kind_check;
alter table departures add constraint departures_kind_check check (kind in ('pause', 'exit', 'return'));
drop function app.report_equity();
