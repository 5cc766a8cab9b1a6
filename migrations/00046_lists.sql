-- Facts that lists look up in other tables for every row are repeated on the case, as those of 00003 are: the
-- words of the next milestone in Spanish, and by which means the person was last reached. What a participant wrote
-- had the facts about talks and papers refreshed from those rows alone that the participant sees; here they are
-- told from all of them again.
-- +goose Up
drop index cases_by_team; -- made again below, once the table is as it will be
alter table cases add column milestone_title_es text not null default '', add column last_reached_by text not null default '';

with live as (
    select k.agency_id, k.case_id, k.id, k.held_on, k.method, k.result from check_ins k
    where not k.withdrawn and not exists (select from check_ins n where n.agency_id = k.agency_id and n.supersedes = k.id)
), reached as (
    select distinct on (agency_id, case_id) agency_id, case_id, held_on, method from live where result = 'talked' order by agency_id, case_id, held_on desc, id desc
), told as (
    select l.agency_id, l.case_id, max(l.held_on) as contact_on, max(r.held_on) as reached_on, coalesce(max(r.method), '') as reached_by,
        count(*) filter (where l.held_on > coalesce(r.held_on, '-infinity')) as unanswered
    from live l left join reached r on r.agency_id = l.agency_id and r.case_id = l.case_id group by l.agency_id, l.case_id
), titles as (
    select m.agency_id, m.case_id, m.key, m.title_es from milestones m join plan_versions v on v.agency_id = m.agency_id and v.id = m.plan_id and v.state = 'in_force'
), papers as (
    select distinct on (agency_id, case_id) agency_id, case_id, expires_on, kind from documents
    where archived_at is null and visibility <> 'restricted' and expires_on is not null order by agency_id, case_id, expires_on, id
)
update cases c set last_contact_on = coalesce(t.contact_on, c.last_contact_on), last_reached_on = coalesce(t.reached_on, c.last_reached_on),
    last_reached_by = coalesce(t.reached_by, ''), unanswered = coalesce(t.unanswered, c.unanswered),
    milestone_title_es = coalesce((select m.title_es from titles m where m.agency_id = c.agency_id and m.case_id = c.id and m.key = c.milestone_key), ''),
    paper_expires_on = p.expires_on, paper_kind = coalesce(p.kind, '')
from cases x left join told t on t.agency_id = x.agency_id and t.case_id = x.id left join papers p on p.agency_id = x.agency_id and p.case_id = x.id
where x.agency_id = c.agency_id and x.id = c.id;

-- From when on and until when (without the agency's lag) something may be asked of somebody who left: the first day
-- after the first of the four quarters that nothing is known of, and the last of the second quarter after the last of them.
-- +goose StatementBegin
create function app.ask_from(exited date, known int) returns date language sql immutable parallel safe
    return app.quarter_first(app.quarter_of(exited) + case when known & 1 = 0 then 2 when known & 2 = 0 then 3 when known & 4 = 0 then 4 when known & 8 = 0 then 5 end);
-- +goose StatementEnd
-- +goose StatementBegin
create function app.ask_until(exited date, known int) returns date language sql immutable parallel safe
    return app.quarter_first(app.quarter_of(exited) + case when known & 8 = 0 then 7 when known & 4 = 0 then 6 when known & 2 = 0 then 5 when known & 1 = 0 then 4 end) - 1;
-- +goose StatementEnd
grant execute on function app.ask_from(date, int), app.ask_until(date, int) to waymark_app;
alter table cases add column ask_from date generated always as (app.ask_from(exit_on, known_quarters)) stored,
    add column ask_until date generated always as (app.ask_until(exit_on, known_quarters)) stored;
-- The federal measures of an office, open cases and closed.
create index cases_begun_by_office on cases (agency_id, office_id, started_on) where started_on is not null;
create index cases_to_ask_by_manager on cases (agency_id, case_manager_id, ask_from) where state in ('exited', 'follow_up') and ask_from is not null;
create index cases_to_ask_by_office on cases (agency_id, office_id, ask_from) where state in ('exited', 'follow_up') and ask_from is not null;

-- Every page that names a pathway asks whether the catalogue is still the one it holds: a mark that changes with
-- whatever changes in it, instead of the prints of all of it.
alter table agencies add column catalogue_mark uuid not null default gen_random_uuid();
-- +goose StatementBegin
create function app.mark_catalogue() returns trigger language plpgsql as $$
begin
    update public.agencies set catalogue_mark = gen_random_uuid() where id in (select agency_id from changed);
    return null;
end $$;
create procedure app.watch_catalogue(tables text[]) language plpgsql as $$
declare
    one text;
begin
    foreach one in array tables loop
        execute format('create trigger marked_insert after insert on %s referencing new table as changed for each statement execute function app.mark_catalogue()', one);
        execute format('create trigger marked_update after update on %s referencing new table as changed for each statement execute function app.mark_catalogue()', one);
        execute format('create trigger marked_delete after delete on %s referencing old table as changed for each statement execute function app.mark_catalogue()', one);
    end loop;
end $$;
-- +goose StatementEnd
call app.watch_catalogue('{pathway_versions, catalogue_occupations, catalogue_regions}');
drop procedure app.watch_catalogue(text[]);

-- The team page counts from this index alone, which takes all that row-level security asks of a row as well, and
-- pages of the table whose rows everybody may see: so the table is cleaned before a fiftieth of it has changed.
create index cases_by_team on cases (agency_id, office_id, case_manager_id, step)
    include (id, participant_id, step_since, next_on, paused_on, paused_until, left_on, progress_on, last_reached_on)
    where state not in ('ineligible', 'exited', 'follow_up', 'closed');
alter table cases set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

-- +goose Down
alter table cases reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
drop index cases_by_team;
create index cases_by_team on cases (agency_id, office_id, case_manager_id, step)
    include (id, step_since, next_on, paused_on, paused_until, left_on, progress_on, last_reached_on)
    where state not in ('ineligible', 'exited', 'follow_up', 'closed');
drop trigger marked_insert on pathway_versions;
drop trigger marked_update on pathway_versions;
drop trigger marked_delete on pathway_versions;
drop trigger marked_insert on catalogue_occupations;
drop trigger marked_update on catalogue_occupations;
drop trigger marked_delete on catalogue_occupations;
drop trigger marked_insert on catalogue_regions;
drop trigger marked_update on catalogue_regions;
drop trigger marked_delete on catalogue_regions;
drop function app.mark_catalogue();
alter table agencies drop column catalogue_mark;
drop index cases_to_ask_by_manager, cases_to_ask_by_office, cases_begun_by_office;
alter table cases drop column ask_from, drop column ask_until;
drop function app.ask_from(date, int), app.ask_until(date, int);
alter table cases drop column milestone_title_es, drop column last_reached_by;
