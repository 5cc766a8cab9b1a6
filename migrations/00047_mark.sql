-- +goose Up
-- An agency has one mark that changes with whatever it has set: its settings, its catalogue, where it is, and the
-- figures of the whole program. The session says it with who somebody is, so that a page reads none of that again
-- while it stays the same.
alter table agencies rename column catalogue_mark to mark;
-- +goose StatementBegin
create or replace function app.mark_catalogue() returns trigger language plpgsql as $$
begin
    update public.agencies set mark = gen_random_uuid() where id in (select agency_id from changed);
    return null;
end $$;
alter function app.mark_catalogue() rename to mark_agencies;
create function app.mark_agency() returns trigger language plpgsql as $$
begin
    new.mark = gen_random_uuid();
    return new;
end $$;
create function app.mark_all() returns trigger language plpgsql as $$
begin
    update public.agencies set mark = gen_random_uuid();
    return null;
end $$;
-- +goose StatementEnd
create trigger marked after insert on settings referencing new table as changed for each statement execute function app.mark_agencies();
create trigger marked before update of region, state, wage_area on agencies for each row execute function app.mark_agency();
create trigger marked after insert or update or delete on reference.sets for each statement execute function app.mark_all();

-- What an agency sets about how long a session idles is asked for once a mark and day, not with every session; and who
-- stands beside somebody is looked up for those alone.
drop function app.session(bytea);
-- +goose StatementBegin
create function app.session(token bytea)
    returns table (agency_id uuid, session_id uuid, user_id uuid, role text, office_id uuid, participant_id uuid,
        first_name text, last_name text, language text, shortcuts boolean, roomy boolean, bearer boolean,
        agency_name text, time_zone text, demo boolean, created_at timestamptz, seen_at timestamptz, now timestamptz, mark uuid)
    language plpgsql stable security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
    return query select s.agency_id, s.id, u.id, u.role, u.office_id, u.participant_id, u.first_name, u.last_name, u.language,
        u.shortcuts, u.roomy, s.bearer, a.name, a.time_zone, a.demo, s.created_at, s.seen_at, clock_timestamp(), a.mark
    from sessions s
    join users u on u.agency_id = s.agency_id and u.id = s.user_id
    join agencies a on a.id = s.agency_id
    where s.token_hash = token and u.active and u.epoch = s.epoch and u.role not in ('guardian', 'helper');
    if found then
        return;
    end if;
    return query select s.agency_id, s.id, u.id, u.role, u.office_id, coalesce(u.participant_id, k.participant_id), u.first_name, u.last_name, u.language,
        u.shortcuts, u.roomy, s.bearer, a.name, a.time_zone, a.demo, s.created_at, s.seen_at, clock_timestamp(), a.mark
    from sessions s
    join users u on u.agency_id = s.agency_id and u.id = s.user_id
    join agencies a on a.id = s.agency_id
    join companions k on k.agency_id = u.agency_id and k.user_id = u.id and k.ended_at is null
    where s.token_hash = token and u.active and u.epoch = s.epoch and u.role in ('guardian', 'helper');
end $$;
-- +goose StatementEnd
-- The agency may shorten how long a session idles; the program bounds it.
create function app.idle_minutes(agency uuid, setting text, day date) returns int
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce((select cast(g.value #>> '{}' as int) from settings g where g.agency_id = agency and g.key = setting and g.effective_on <= day
        and setting in ('idle_minutes_participant', 'idle_minutes_staff')
        order by g.effective_on desc, g.recorded_at desc, g.id desc limit 1), 0) $$;
revoke execute on function app.session(bytea), app.idle_minutes(uuid, text, date), app.mark_agency(), app.mark_all() from public;
grant execute on function app.session(bytea), app.idle_minutes(uuid, text, date) to waymark_app;

-- +goose Down
drop function app.session(bytea), app.idle_minutes(uuid, text, date);
-- +goose StatementBegin
create function app.session(token bytea)
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
revoke execute on function app.session(bytea) from public;
grant execute on function app.session(bytea) to waymark_app;
drop trigger marked on reference.sets;
drop trigger marked on agencies;
drop trigger marked on settings;
drop function app.mark_all(), app.mark_agency();
alter table agencies rename column mark to catalogue_mark;
-- +goose StatementBegin
create or replace function app.mark_agencies() returns trigger language plpgsql as $$
begin
    update public.agencies set catalogue_mark = gen_random_uuid() where id in (select agency_id from changed);
    return null;
end $$;
alter function app.mark_agencies() rename to mark_catalogue;
-- +goose StatementEnd
