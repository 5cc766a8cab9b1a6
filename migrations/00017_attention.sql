-- What says that somebody needs attention: further facts of a case that lists are flagged by.
-- +goose Up

alter table cases
    -- Until when a service that was begun goes on; 2200-12-31 while it has no end.
    add running_until     date,
    -- The oldest day on which somebody was last seen to take part in a service that goes on.
    add proof_on          date,
    add plan_returned_on  date,
    -- Since when the plan waits for the participant's own signature.
    add plan_unsigned_on  date,
    -- The paper that ends first, and the end of the permit to work as intake has it.
    add paper_expires_on  date,
    add paper_kind        text not null default '',
    add permit_until      date,
    -- The support of the plan in force that ends next.
    add support_ends_on   date,
    add support_what      text not null default '',
    -- When a pause is to be over.
    add paused_until      date;
alter table departures add until_on date check (until_on > on_date), add check (until_on is null or kind = 'pause');

-- What was already true when this came: the same as the program writes from now on.
-- +goose StatementBegin
create function app.last_open(case_agency uuid, of_case uuid) returns table (id uuid, state text, frozen_at timestamptz, sha256 bytea)
    language sql stable as $$
    select v.id, v.state, v.frozen_at, v.sha256 from plan_versions v
    where v.agency_id = case_agency and v.case_id = of_case and v.state <> 'withdrawn' order by v.number desc limit 1 $$;
-- +goose StatementEnd
update cases c set
    running_until = (select max(case when s.ongoing and s.ends_on is null then date '2200-12-31' else s.ends_on end) from services s
        where s.agency_id = c.agency_id and s.case_id = c.id and s.cancels is null and not s.planned and (s.ongoing or s.ends_on > s.given_on)
            and s.code ~ '^(B1[0-5]|I|T0|T1[0-2]|Y)' and s.code not in ('Y07', 'Y09')
            and not exists (select from services n where n.agency_id = s.agency_id and (n.supersedes = s.id or n.cancels = s.id))),
    proof_on = (select min(s.given_on) from services s
        where s.agency_id = c.agency_id and s.case_id = c.id and s.cancels is null and not s.planned and s.ongoing and s.ends_on is null and s.code ~ '^(B1[0-5]|I|T0|T1[0-2]|Y)' and s.code not in ('Y07', 'Y09')
            and not exists (select from services n where n.agency_id = s.agency_id and (n.supersedes = s.id or n.cancels = s.id))),
    plan_returned_on = (select max(d.decided_on) from app.last_open(c.agency_id, c.id) v
        join plan_decisions d on d.agency_id = c.agency_id and d.plan_id = v.id and d.decision = 'returned' where v.state = 'returned'),
    plan_unsigned_on = (select cast(v.frozen_at at time zone a.time_zone as date) from app.last_open(c.agency_id, c.id) v join agencies a on a.id = c.agency_id
        where v.state = 'submitted' and not exists (select from signatures g where g.agency_id = c.agency_id and g.plan_id = v.id and g.sha256 = v.sha256 and g.role in ('participant', 'guardian'))),
    paper_expires_on = (select min(d.expires_on) from documents d where d.agency_id = c.agency_id and d.case_id = c.id and d.archived_at is null and d.visibility <> 'restricted'),
    paper_kind = coalesce((select d.kind from documents d where d.agency_id = c.agency_id and d.case_id = c.id and d.archived_at is null and d.visibility <> 'restricted'
        and d.expires_on is not null order by d.expires_on, d.id limit 1), ''),
    permit_until = (select cast(nullif(s.answers ->> 'work_auth_expires', '') as date) from intake_sections s
        where s.agency_id = c.agency_id and s.case_id = c.id and s.section = 'about' order by s.version desc limit 1)
    where c.state not in ('ineligible', 'exited', 'follow_up', 'closed');
drop function app.last_open(uuid, uuid);

-- The sweep looks on when a support has ended, for the next one.
create index cases_by_support on cases (agency_id, support_ends_on) where support_ends_on is not null and state not in ('ineligible', 'exited', 'follow_up', 'closed');
-- The team page counts by these and reads nothing else.
drop index cases_by_team;
create index cases_by_team on cases (agency_id, office_id, case_manager_id, step)
    include (id, step_since, next_on, paused_on, paused_until, left_on, progress_on, last_reached_on)
    where state not in ('ineligible', 'exited', 'follow_up', 'closed');

-- That somebody still takes part in a service that goes on: asked for every month.
create table service_proofs (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    service_id  uuid not null,
    -- The last day on which they are known to have taken part.
    attended_on date not null,
    evidence    text not null check (evidence <> '' and length(evidence) <= 500),
    recorded_by uuid not null,
    recorded_at timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, service_id) references services
);
create index service_proofs_by_service on service_proofs (agency_id, service_id, attended_on desc);
call app.secure('service_proofs', 'exists (select from cases c where c.agency_id = service_proofs.agency_id and c.id = case_id)', 'select, insert');
call app.keep('service_proofs');

-- +goose Down
drop table service_proofs;
drop index cases_by_support;
drop index cases_by_team;
create index cases_by_team on cases (agency_id, office_id, case_manager_id, step)
    include (id, step_since, next_on, paused_on, progress_on, last_reached_on)
    where state not in ('ineligible', 'exited', 'follow_up', 'closed');
alter table departures drop until_on;
alter table cases drop running_until, drop proof_on, drop plan_returned_on, drop plan_unsigned_on, drop paper_expires_on, drop paper_kind, drop permit_until,
    drop support_ends_on, drop support_what, drop paused_until;
