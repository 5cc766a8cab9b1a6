-- What a mark on a plan rests on, the people beside a participant, goals in both languages, and the copy of a
-- plan in the agency's own language.
-- +goose Up

-- How the signer proved who they are, what they were told about electronic records, whom a guardian is on the
-- record, and the scan that a signature on paper stands on, with its fingerprint.
alter table signatures
    add column auth            text not null default '' check (auth in ('', 'password', 'code', 'session', 'witness', 'scan')),
    add column consent_version text not null default '' check (length(consent_version) <= 60),
    add column companion_id    uuid,
    add column scan_id         uuid,
    add column scan_sha256     bytea check (length(scan_sha256) = 32),
    add column bound           bytea,
    add check ((scan_id is null) = (scan_sha256 is null)),
    add foreign key (agency_id, scan_id) references documents;
alter table signatures add constraint signatures_paper_is_scanned check (method <> 'paper' or scan_id is not null) not valid;
alter table plan_decisions add column bound bytea;

-- mark_print is the fingerprint of everything that a mark says. It is kept beside the mark when that is made,
-- so that a mark that was altered later no longer fits.
create function app.mark_print(s signatures) returns bytea
    language sql stable set search_path = public, pg_temp as $$
    select sha256(convert_to(cast(jsonb_build_array(s.agency_id, s.id, s.case_id, s.plan_id, s.role, s.signer_id, s.name, s.method, s.signed_on, extract(epoch from s.signed_at),
        encode(s.sha256, 'hex'), s.ip, s.witness_id, s.auth, s.consent_version, s.companion_id, s.scan_id, encode(s.scan_sha256, 'hex')) as text), 'UTF8')) $$;
create function app.decision_print(d plan_decisions) returns bytea
    language sql stable set search_path = public, pg_temp as $$
    select sha256(convert_to(cast(jsonb_build_array(d.agency_id, d.id, d.case_id, d.plan_id, d.decision, d.comment, encode(d.sha256, 'hex'), d.author_id, d.decided_by,
        d.decided_on, extract(epoch from d.decided_at)) as text), 'UTF8')) $$;
-- +goose StatementBegin
create function app.bind_mark() returns trigger language plpgsql as $$
begin
    new.bound := app.mark_print(new);
    return new;
end $$;
create function app.bind_decision() returns trigger language plpgsql as $$
begin
    new.bound := app.decision_print(new);
    return new;
end $$;
-- +goose StatementEnd
alter table signatures disable trigger keep;
update signatures s set bound = app.mark_print(s);
alter table signatures enable trigger keep, alter column bound set not null;
alter table plan_decisions disable trigger keep;
update plan_decisions d set bound = app.decision_print(d);
alter table plan_decisions enable trigger keep, alter column bound set not null;
create trigger bind before insert on signatures for each row execute function app.bind_mark();
create trigger bind before insert on plan_decisions for each row execute function app.bind_decision();

-- A printed plan is also not the one on file when a mark on it was altered.
create or replace function app.verify_plan(person text, plan_number int, print text) returns text
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce((select v.state from plan_versions v
        join cases c on c.agency_id = v.agency_id and c.id = v.case_id
        join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
        where p.number = person and v.number = plan_number and encode(v.sha256, 'hex') like print || '%'
            and v.sha256 = sha256(convert_to(v.document, 'UTF8'))
            and not exists (select from signatures s where s.agency_id = v.agency_id and s.plan_id = v.id and s.bound <> app.mark_print(s))
            and not exists (select from plan_decisions d where d.agency_id = v.agency_id and d.plan_id = v.id and d.bound <> app.decision_print(d))
        limit 1), '') $$;

-- The same plan in the agency's own language, printed and kept together with the one that is signed.
create table plan_copies (
    agency_id   uuid not null references agencies,
    case_id     uuid not null,
    plan_id     uuid not null,
    sha256      bytea not null check (length(sha256) = 32), -- of the document it is a copy of
    lang        text not null check (lang <> ''),
    document    text not null,
    copy_sha256 bytea not null check (length(copy_sha256) = 32),
    primary key (agency_id, plan_id, sha256, lang),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, plan_id) references plan_versions
);
call app.secure('plan_copies', 'exists (select from cases c where c.agency_id = plan_copies.agency_id and c.id = case_id)', 'select, insert');
call app.keep('plan_copies');

-- A goal in the words of the person's language, where the catalogue or somebody gave them.
alter table goals
    add column title_es text not null default '' check (length(title_es) <= 200),
    add column fits_es  text not null default '' check (length(fits_es) <= 1000);

-- Who stands beside a participant: a guardian who signs for somebody under 18, and helpers whom the
-- participant lets look on. Each has a sign-in of their own without a password: the link they were sent and
-- a code each time. Nothing is deleted; what is over says since when.
alter table users drop constraint users_role_check, drop constraint users_language_check;
alter table users
    add constraint users_role_check check (role in ('participant', 'case_manager', 'supervisor', 'administrator', 'auditor', 'guardian', 'helper')),
    add constraint users_language_check check (language ~ '^[a-z]{2,3}$'); -- which there are say the catalogues

create table companions (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    participant_id uuid not null,
    kind           text not null check (kind in ('guardian', 'helper')),
    user_id        uuid not null,
    name           text not null check (name <> '' and length(name) <= 100),
    relation       text not null check (relation in ('parent', 'guardian', 'relative', 'friend', 'worker', 'other')),
    email          text not null default '' check (email = lower(email) and length(email) <= 254),
    phone          text not null default '' check (length(phone) <= 40),
    token_hash     bytea check (length(token_hash) = 32),
    until_on       date,
    named_by       uuid not null,
    named_at       timestamptz not null,
    ended_by       uuid,
    ended_at       timestamptz,
    end_reason     text not null default '' check (end_reason in ('', 'ended', 'replaced', 'of_age')),
    version        int not null default 1,
    primary key (agency_id, id),
    foreign key (agency_id, participant_id) references participants,
    foreign key (agency_id, user_id) references users,
    check (kind = 'guardian' or until_on is not null and (email <> '' or phone <> '')),
    check ((ended_at is null) = (end_reason = ''))
);
create unique index companions_by_user on companions (agency_id, user_id);
create unique index companions_by_token on companions (token_hash) where token_hash is not null;
create unique index companions_guardian on companions (agency_id, participant_id) where kind = 'guardian' and ended_at is null;
create index companions_by_participant on companions (agency_id, participant_id, named_at desc, id desc);
call app.secure('companions', 'participant_id = (select app.person())', 'select, insert, update');
alter table signatures add foreign key (agency_id, companion_id) references companions;

-- A participant knows the staff and whom they named themself.
alter policy self on users using (case when (select app.role()) = 'participant' then role not in ('participant', 'guardian', 'helper') or id = (select app.actor())
    or exists (select from companions c where c.agency_id = users.agency_id and c.user_id = users.id) else true end);

-- The lock on self holds for guardians and helpers as for the participant they stand beside, and only on these
-- tables; every other one is shut to them, those to come as well.
-- +goose StatementBegin
create function app.narrow(target regclass, open boolean) returns void language plpgsql as $$
declare rule text;
begin
    select pg_get_expr(p.polqual, p.polrelid) into rule from pg_policy p where p.polrelid = target and p.polname = 'self';
    execute format('alter policy self on %s using (case when (select app.role()) in (''guardian'', ''helper'') then %s else (%s) end)', target,
        case when open then '(' || regexp_replace(rule, '''participant''::text', '(select app.role())') || ')' else 'false' end, rule);
end $$;
do $$
declare t record;
begin
    for t in select p.polrelid as id, n.nspname || '.' || c.relname as name from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
        where p.polname = 'self' order by 2 loop
        perform app.narrow(t.id, pg_get_expr((select polqual from pg_policy where polrelid = t.id and polname = 'self'), t.id) like '%THEN true%' or t.name in ('public.appointments', 'public.audit_log', 'public.cases', 'public.companions', 'public.goals', 'public.holidays',
            'public.milestone_states', 'public.milestones', 'public.offices', 'public.participants', 'public.plan_copies', 'public.plan_decisions',
            'public.plan_lines', 'public.plan_versions', 'public.sessions', 'public.settings', 'public.signatures', 'public.submissions', 'public.users'));
    end loop;
end $$;
create or replace procedure app.secure(target regclass, self text, verbs text) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy readable on %s using (true) with check (true)', target);
    execute format('create policy agency on %s as restrictive using (agency_id = (select app.agency())) with check (agency_id = (select app.agency()))', target);
    execute format('create policy self on %s as restrictive using (case when (select app.role()) = ''participant'' then %s else (select app.role()) not in (''guardian'', ''helper'') end)',
        target, coalesce(nullif(self, ''), 'false'));
    execute format('grant %s on %s to waymark_app', verbs, target);
end $$;

-- A session of somebody beside a participant lasts while they do: not ended, not too old, and for a guardian
-- until the participant is 18. It carries whom they stand beside.
create or replace function app.session(token bytea)
    returns table (agency_id uuid, session_id uuid, user_id uuid, role text, office_id uuid, participant_id uuid,
        first_name text, last_name text, language text, shortcuts boolean, roomy boolean, bearer boolean,
        agency_name text, time_zone text, demo boolean, created_at timestamptz, seen_at timestamptz, now timestamptz, idle_minutes int)
    language plpgsql stable security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
    return query select s.agency_id, s.id, u.id, u.role, u.office_id, coalesce(u.participant_id, k.participant_id), u.first_name, u.last_name, u.language,
        u.shortcuts, u.roomy, s.bearer, a.name, a.time_zone, a.demo, s.created_at, s.seen_at, clock_timestamp(),
        -- The agency may shorten how long a session idles; the program bounds it.
        coalesce((select cast(g.value #>> '{}' as int) from settings g
            where g.agency_id = s.agency_id and g.key = case when u.role in ('participant', 'guardian', 'helper') then 'idle_minutes_participant' else 'idle_minutes_staff' end
                and g.effective_on <= cast(clock_timestamp() at time zone a.time_zone as date)
            order by g.effective_on desc, g.recorded_at desc, g.id desc limit 1), 0)
    from sessions s
    join users u on u.agency_id = s.agency_id and u.id = s.user_id
    join agencies a on a.id = s.agency_id
    left join companions k on u.role in ('guardian', 'helper') and k.agency_id = u.agency_id and k.user_id = u.id and k.ended_at is null
    where s.token_hash = token and u.active and u.epoch = s.epoch and (u.role not in ('guardian', 'helper') or k.id is not null);
end $$;
-- +goose StatementEnd

-- Whose link it is, for somebody who is not signed in yet.
create function app.companion(token bytea)
    returns table (agency_id uuid, id uuid, user_id uuid, participant_id uuid, kind text, email text, phone text, language text, until_on date, birth_date date, time_zone text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select k.agency_id, k.id, k.user_id, k.participant_id, k.kind, k.email, k.phone, u.language, k.until_on, p.birth_date, a.time_zone
    from companions k
    join users u on u.agency_id = k.agency_id and u.id = k.user_id
    join participants p on p.agency_id = k.agency_id and p.id = k.participant_id
    join agencies a on a.id = k.agency_id
    where k.token_hash = token and k.ended_at is null and u.active $$;
revoke execute on function app.mark_print(signatures), app.decision_print(plan_decisions), app.bind_mark(), app.bind_decision(), app.narrow(regclass, boolean), app.companion(bytea) from public;
grant execute on function app.mark_print(signatures), app.decision_print(plan_decisions), app.companion(bytea) to waymark_app;

-- +goose Down
-- The policies stay as narrow as they are: the roles that they shut out are gone.
drop function app.companion(bytea), app.narrow(regclass, boolean);
-- +goose StatementBegin
create or replace function app.session(token bytea)
    returns table (agency_id uuid, session_id uuid, user_id uuid, role text, office_id uuid, participant_id uuid,
        first_name text, last_name text, language text, shortcuts boolean, roomy boolean, bearer boolean,
        agency_name text, time_zone text, demo boolean, created_at timestamptz, seen_at timestamptz, now timestamptz, idle_minutes int)
    language plpgsql stable security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
    return query select s.agency_id, s.id, u.id, u.role, u.office_id, u.participant_id, u.first_name, u.last_name, u.language,
        u.shortcuts, u.roomy, s.bearer, a.name, a.time_zone, a.demo, s.created_at, s.seen_at, clock_timestamp(),
        -- The agency may shorten how long a session idles; the program bounds it.
        coalesce((select cast(g.value #>> '{}' as int) from settings g
            where g.agency_id = s.agency_id and g.key = case u.role when 'participant' then 'idle_minutes_participant' else 'idle_minutes_staff' end
                and g.effective_on <= cast(clock_timestamp() at time zone a.time_zone as date)
            order by g.effective_on desc, g.recorded_at desc, g.id desc limit 1), 0)
    from sessions s
    join users u on u.agency_id = s.agency_id and u.id = s.user_id
    join agencies a on a.id = s.agency_id
    where s.token_hash = token and u.active and u.epoch = s.epoch;
end $$;
-- +goose StatementEnd
create or replace function app.verify_plan(person text, plan_number int, print text) returns text
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce((select v.state from plan_versions v
        join cases c on c.agency_id = v.agency_id and c.id = v.case_id
        join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
        where p.number = person and v.number = plan_number and encode(v.sha256, 'hex') like print || '%'
            and v.sha256 = sha256(convert_to(v.document, 'UTF8')) limit 1), '') $$;
drop trigger bind on signatures;
drop trigger bind on plan_decisions;
drop function app.bind_mark(), app.bind_decision(), app.mark_print(signatures), app.decision_print(plan_decisions);
alter table signatures drop constraint signatures_paper_is_scanned, drop column auth, drop column consent_version, drop column companion_id, drop column scan_id,
    drop column scan_sha256, drop column bound;
alter table plan_decisions drop column bound;
alter policy self on users using (case when (select app.role()) = 'participant' then role <> 'participant' or id = (select app.actor()) else true end);
drop table companions, plan_copies;
alter table goals drop column title_es, drop column fits_es;
delete from sessions s using users u where u.agency_id = s.agency_id and u.id = s.user_id and u.role in ('guardian', 'helper');
delete from users where role in ('guardian', 'helper');
alter table users drop constraint users_role_check, drop constraint users_language_check;
alter table users
    add constraint users_role_check check (role in ('participant', 'case_manager', 'supervisor', 'administrator', 'auditor')),
    add constraint users_language_check check (language in ('en', 'es'));
