-- Rules of the plan that the schema can say: when a milestone is late, that nobody approves what they had
-- a hand in, and which check-in moved a date.
-- +goose Up

-- A milestone is late after its due date and its tolerance, and everywhere by this one column.
alter table cases add column milestone_tolerance int not null default 0;
alter table cases add column milestone_late_on date generated always as (milestone_due_on + milestone_tolerance + 1) stored;
update cases c set milestone_tolerance = m.tolerance_days
    from milestones m join plan_versions v on v.agency_id = m.agency_id and v.id = m.plan_id and v.state = 'in_force'
    where m.agency_id = c.agency_id and m.case_id = c.id and m.key = c.milestone_key and m.tolerance_days > 0;

-- Who wrote on a version of a plan, and who approved it. The key gives a person one part in a version; the
-- foreign keys below hold signatures and approvals to it.
create table plan_hands (
    agency_id uuid not null references agencies,
    case_id   uuid not null,
    plan_id   uuid not null,
    user_id   uuid not null,
    part      text not null check (part in ('wrote', 'approved')),
    primary key (agency_id, plan_id, user_id),
    unique (agency_id, plan_id, user_id, part),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, plan_id) references plan_versions
);
call app.secure('plan_hands', 'exists (select from cases c where c.agency_id = plan_hands.agency_id and c.id = case_id)', 'select, insert, update');

insert into plan_hands (agency_id, case_id, plan_id, user_id, part)
    select agency_id, case_id, id, author_id, 'wrote' from plan_versions on conflict do nothing;
insert into plan_hands (agency_id, case_id, plan_id, user_id, part)
    select agency_id, case_id, plan_id, signer_id, 'wrote' from signatures where role = 'case_manager' and signer_id is not null on conflict do nothing;
insert into plan_hands (agency_id, case_id, plan_id, user_id, part)
    select l.agency_id, v.case_id, v.id, l.actor_id, 'wrote' from audit_log l
    left join milestones m on m.agency_id = l.agency_id and m.id = l.subject_id
    join plan_versions v on v.agency_id = l.agency_id and v.id in (l.subject_id, m.plan_id)
    where l.action in ('plan.submitted', 'plan.milestone_added', 'plan.milestone_changed') and l.actor_id is not null
    on conflict do nothing;
insert into plan_hands (agency_id, case_id, plan_id, user_id, part)
    select agency_id, case_id, plan_id, decided_by, 'approved' from plan_decisions where decision = 'approved' on conflict do nothing;

-- The author, a case manager's mark and an approval note themselves, so that no way of writing them can forget it.
-- +goose StatementBegin
create function app.hand() returns trigger language plpgsql as $$
begin
    if tg_table_name = 'plan_versions' then
        insert into plan_hands values (new.agency_id, new.case_id, new.id, new.author_id, 'wrote') on conflict do nothing;
    elsif tg_table_name = 'signatures' then
        if new.role = 'case_manager' and new.signer_id is not null then
            insert into plan_hands values (new.agency_id, new.case_id, new.plan_id, new.signer_id, 'wrote') on conflict do nothing;
        end if;
    elsif new.decision = 'approved' then
        insert into plan_hands values (new.agency_id, new.case_id, new.plan_id, new.decided_by, 'approved') on conflict do nothing;
    end if;
    return new;
end $$;
-- +goose StatementEnd
create trigger hand after insert on plan_versions for each row execute function app.hand();
create trigger hand before insert on signatures for each row execute function app.hand();
create trigger hand before insert on plan_decisions for each row execute function app.hand();

alter table signatures add column part text generated always as (case when role = 'case_manager' then 'wrote' end) stored;
alter table signatures add constraint signatures_hand foreign key (agency_id, plan_id, signer_id, part) references plan_hands (agency_id, plan_id, user_id, part);
alter table plan_decisions add column part text generated always as (case when decision = 'approved' then 'approved' end) stored;
-- What was decided before this rule stays as it is.
alter table plan_decisions add constraint plan_decisions_hand foreign key (agency_id, plan_id, decided_by, part) references plan_hands (agency_id, plan_id, user_id, part) not valid;

-- The check-in in which a date was moved: undone or corrected, it moves nothing any more.
alter table adjustments add column check_in_id uuid;
alter table adjustments disable trigger keep;
update adjustments a set check_in_id = k.id from check_ins k
    where k.agency_id = a.agency_id and k.case_id = a.case_id and k.recorded_by = a.made_by and k.recorded_at = a.recorded_at and not k.withdrawn;
alter table adjustments enable trigger keep;
alter table adjustments add foreign key (agency_id, check_in_id) references check_ins;
create index adjustments_by_check_in on adjustments (agency_id, check_in_id) where check_in_id is not null;

-- +goose Down
alter table adjustments drop column check_in_id;
alter table plan_decisions drop column part;
alter table signatures drop column part;
drop trigger hand on plan_decisions;
drop trigger hand on signatures;
drop trigger hand on plan_versions;
drop function app.hand();
drop table plan_hands;
alter table cases drop column milestone_late_on, drop column milestone_tolerance;
