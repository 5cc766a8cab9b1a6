-- What row-level security asks of a row before somebody who is not staff sees it, said so that it costs staff
-- nothing. Each policy looked into cases by a subquery, and PostgreSQL makes ready every subquery of every
-- table of a statement, used or not: a record of a person took three milliseconds of that alone. A function is
-- made ready when it is called, and it is called for participants, guardians and helpers only.
-- +goose Up

-- staff reports that rows are withheld by agency and by the program's own predicates, not by whose they are.
create function app.staff() returns boolean
    language sql stable parallel safe
    return app.role() not in ('participant', 'guardian', 'helper');

-- +goose StatementBegin
create function app.own_case(agency uuid, which uuid) returns boolean language plpgsql stable parallel safe as $$
begin
    return exists (select from public.cases c where c.agency_id = agency and c.id = which and c.participant_id = app.person());
end $$;

create function app.own_goal(agency uuid, which uuid) returns boolean language plpgsql stable parallel safe as $$
begin
    return exists (select from public.goals g where g.agency_id = agency and g.id = which and app.own_case(agency, g.case_id));
end $$;

create function app.own_consent(agency uuid, which uuid) returns boolean language plpgsql stable parallel safe as $$
begin
    return exists (select from public.consents c where c.agency_id = agency and c.id = which and app.own_case(agency, c.case_id));
end $$;

-- beside reports that a user is somebody whom the participant named to stand beside them.
create function app.beside(agency uuid, which uuid) returns boolean language plpgsql stable parallel safe as $$
begin
    return exists (select from public.companions c where c.agency_id = agency and c.user_id = which and c.participant_id = app.person());
end $$;

-- withhold replaces the policy self of tables; whose says which rows somebody sees who is not staff.
create procedure app.withhold(tables text[], whose text) language plpgsql as $$
declare
    one text;
begin
    foreach one in array tables loop
        execute format('alter policy self on %s using (case when (select app.staff()) then true else %s end)', one, whose);
    end loop;
end $$;
-- +goose StatementEnd
grant execute on function app.staff(), app.own_case(uuid, uuid), app.own_goal(uuid, uuid), app.own_consent(uuid, uuid), app.beside(uuid, uuid) to waymark_app;

-- Nobody's but staff's.
call app.withhold('{equity.asked, audit_chain, coverages, digests, file_findings, file_review_cases, file_reviews, follow_up_ends, follow_ups, note_templates, one_time_links,
    outbox, participant_numbers, pirl_schemas, requests, step_stays, submissions_pirl, targets, text_replies, text_stops, transfer_cases, transfer_request_cases,
    transfer_requests, transfers, wage_import_lines, wage_imports, wage_records}', 'false');

-- Everybody's in the agency.
call app.withhold('{catalogue_occupations, catalogue_regions, demand_grids, holidays, interest_items, offices, pathway_events, pathway_versions, settings}', 'true');

-- The participant's and those beside them.
call app.withhold('{appointments, goals, milestone_states, milestones, plan_copies, plan_decisions, plan_lines, plan_versions, signatures}', 'app.own_case(agency_id, case_id)');
call app.withhold('{cases, companions}', 'participant_id = app.person()');
call app.withhold('{participants}', 'id = app.person()');
call app.withhold('{audit_log}', 'participant_id = app.person() or actor_id = app.actor()');
call app.withhold('{sessions, submissions}', 'user_id = app.actor()');
call app.withhold('{users}', 'role not in (''participant'', ''guardian'', ''helper'') or id = app.actor() or app.beside(agency_id, id)');

-- The participant's alone.
call app.withhold('{adjustments, assessments, assignments, consents, departures, eligibility_decisions, exits, intake_sections, interest_answers, likes, messages,
    milestone_progress, notice_receipts, outcomes, own_words, pathway_moves, plan_documents, plan_hands, selections, service_proofs, services, signals, snapshot_reviews,
    snapshots, support_screens, thread_reads}', 'app.role() = ''participant'' and app.own_case(agency_id, case_id)');
call app.withhold('{check_ins, notes}', 'app.role() = ''participant'' and visibility = ''shared'' and app.own_case(agency_id, case_id)');
call app.withhold('{documents}', 'app.role() = ''participant'' and visibility = ''shared'' and archived_at is null and app.own_case(agency_id, case_id)');
call app.withhold('{goal_history}', 'app.role() = ''participant'' and app.own_goal(agency_id, goal_id)');
call app.withhold('{consent_withdrawals}', 'app.role() = ''participant'' and app.own_consent(agency_id, consent_id)');
call app.withhold('{equity.answers, calendar_feeds, notice_choices}', 'app.role() = ''participant'' and participant_id = app.person()');
call app.withhold('{drafts, saved_views}', 'app.role() = ''participant'' and user_id = app.actor()');
drop procedure app.withhold;

-- +goose StatementBegin
-- secure is what every table of an agency goes through: rows of other agencies are withheld, and from who is not
-- staff all rows that self does not say are theirs ('' says none). In self, look into other tables by a function.
create or replace procedure app.secure(target regclass, self text, verbs text) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy readable on %s using (true) with check (true)', target);
    execute format('create policy agency on %s as restrictive using (agency_id = (select app.agency())) with check (agency_id = (select app.agency()))', target);
    execute format('create policy self on %s as restrictive using (case when (select app.staff()) then true else app.role() = ''participant'' and (%s) end)',
        target, coalesce(nullif(self, ''), 'false'));
    execute format('grant %s on %s to waymark_app', verbs, target);
end $$;
-- +goose StatementEnd
