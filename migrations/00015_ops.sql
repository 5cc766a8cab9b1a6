-- What running the program needs: whether it can write, what waits to be sent, and tries at signing in
-- that are counted before they are checked.
-- +goose Up

-- The probe of readiness writes here, so that "ready" means that a write was committed.
create table heartbeat (
    one boolean primary key default true check (one),
    at  timestamptz not null
);
insert into heartbeat (at) values (clock_timestamp());

-- The schema's version, for a program that is newer than the schema to know.
-- +goose StatementBegin
create function app.heartbeat() returns bigint language sql security definer set search_path = public, pg_temp as $$
    update heartbeat set at = clock_timestamp();
    select max(version_id) from goose_db_version where is_applied $$;
-- +goose StatementEnd

-- Numbers only: how much waits to be sent, in every agency together.
create function app.outbox_waiting() returns int language sql stable security definer set search_path = public, pg_temp as $$
    select cast(count(*) as int) from outbox where sent_at is null $$;

-- Tries since the last success. Unlike failures it never grows old: after a hundred nothing but a new
-- password opens the account (NIST SP 800-63B-4).
alter table throttle add streak int not null default 0;

-- attempt counts one try on every key before it is checked, so that tries side by side do not pass together.
-- It gives the seconds to wait, -1 for a key that has stopped for good, or 0: counted, go on. Each key has so
-- many free tries, then the wait doubles from one second to fifteen minutes; stops says from which streak
-- on a key is stopped, 0 for never. The bucket is everybody's: it holds cap tries and loses drain a second.
-- +goose StatementBegin
create function app.attempt(keys bytea[], free int[], stops int[], bucket bytea, cap int, drain int) returns int
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    moment timestamptz := clock_timestamp();
    wait int;
begin
    insert into throttle (key, failures, until, last_at)
        select k, 0, moment, moment from unnest(keys || bucket) k where k is not null order by k on conflict do nothing;
    perform from throttle where key = any (keys || bucket) order by key for update;
    moment := clock_timestamp();
    if exists (select from throttle t join unnest(keys, stops) as s (key, stop) on s.key = t.key where s.stop > 0 and t.streak >= s.stop) then
        return -1;
    end if;
    select coalesce(max(ceil(extract(epoch from until - moment))), 0) into wait from throttle where key = any (keys) and until > moment;
    if wait > 0 then
        return wait;
    end if;
    if exists (select from throttle where key = bucket and failures - floor(extract(epoch from moment - last_at) * drain) >= cap) then
        return 1;
    end if;
    update throttle set failures = greatest(0, failures - floor(least(extract(epoch from moment - last_at), 86400) * drain)) + 1, last_at = moment where key = bucket;
    update throttle t set
        failures = n.tries, streak = t.streak + 1, last_at = moment,
        until = moment + make_interval(secs => case when n.tries <= n.free then 0 else least(900, power(2, least(n.tries - n.free - 1, 12))) end)
    from (select o.key, s.free, case when o.last_at < moment - interval '24 hours' then 1 else o.failures + 1 end as tries
        from unnest(keys, free) as s (key, free) join throttle o on o.key = s.key) n
    where t.key = n.key;
    return 0;
end $$;
-- returned takes a try back that was right after all; the wait that it began ends with it.
create function app.returned(keys bytea[]) returns int
    language sql security definer set search_path = public, pg_temp as $$
    update throttle set failures = greatest(0, failures - 1), streak = greatest(0, streak - 1), until = least(until, clock_timestamp()) where key = any (keys);
    select cardinality(keys) $$;
-- +goose StatementEnd

revoke execute on function app.heartbeat(), app.outbox_waiting(), app.attempt(bytea[], int[], int[], bytea, int, int), app.returned(bytea[]) from public;
grant execute on function app.heartbeat(), app.outbox_waiting(), app.attempt(bytea[], int[], int[], bytea, int, int), app.returned(bytea[]) to waymark_app;

-- +goose Down
drop function app.returned(bytea[]), app.attempt(bytea[], int[], int[], bytea, int, int), app.outbox_waiting(), app.heartbeat();
alter table throttle drop column streak;
drop table heartbeat;
