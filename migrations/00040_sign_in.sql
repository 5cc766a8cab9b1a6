-- Guessing passwords: a hard stop for an account, a brake for a flood, and nothing kept for longer than it serves
-- (security.md, abuse 18; NIST SP 800-63B-4: at most 100 failures in a row for an account).
-- +goose Up

-- Failures in a row of an account, known or not: a success or a new password ends the row, time does not.
create table sign_in_failures (
    key       bytea primary key,
    failures  int not null,
    last_at   timestamptz not null
);
create index throttle_by_time on throttle (last_at);

-- sign_in_wait is how many seconds a try has to wait: -1 when the account takes no password any more. A flood
-- of failures slows every try down but those of a device that is known.
-- +goose StatementBegin
create function app.sign_in_wait(account bytea, keys bytea[], most int, flood int, known boolean) returns int
    language sql stable security definer set search_path = public, pg_temp as $$
    select case
        when exists (select from sign_in_failures where key = account and failures >= most) then -1
        when not known and (select count(*) from (select from throttle where last_at > clock_timestamp() - interval '1 minute' limit flood) f) >= flood
            then greatest(10, app.throttled(keys))
        else app.throttled(keys) end $$;
-- +goose StatementEnd

-- sign_in_failed counts one more.
-- +goose StatementBegin
create function app.sign_in_failed(account bytea, keys bytea[]) returns int
    language sql security definer set search_path = public, pg_temp as $$
    insert into sign_in_failures (key, failures, last_at) values (account, 1, clock_timestamp())
    on conflict (key) do update set failures = sign_in_failures.failures + 1, last_at = clock_timestamp();
    select app.failed(keys) $$;
-- +goose StatementEnd

-- forgiven ends the rows as well.
-- +goose StatementBegin
create or replace function app.forgiven(keys bytea[]) returns int
    language sql security definer set search_path = public, pg_temp as $$
    delete from throttle where key = any (keys);
    delete from sign_in_failures where key = any (keys);
    select cardinality(keys) $$;
-- +goose StatementEnd

-- forget_failures drops what counts no more.
-- +goose StatementBegin
create function app.forget_failures() returns int
    language sql security definer set search_path = public, pg_temp as $$
    delete from throttle where last_at < clock_timestamp() - interval '1 day';
    delete from sign_in_failures where last_at < clock_timestamp() - interval '1 year';
    select 1 $$;
-- +goose StatementEnd

revoke execute on function app.sign_in_wait, app.sign_in_failed, app.forget_failures from public;
grant execute on function app.sign_in_wait, app.sign_in_failed, app.forget_failures to waymark_app;

-- +goose Down
drop function app.forget_failures, app.sign_in_failed, app.sign_in_wait;
-- +goose StatementBegin
create or replace function app.forgiven(keys bytea[]) returns int
    language sql security definer set search_path = public, pg_temp as $$
    delete from throttle where key = any (keys);
    select cardinality(keys) $$;
-- +goose StatementEnd
drop index throttle_by_time;
drop table sign_in_failures;
