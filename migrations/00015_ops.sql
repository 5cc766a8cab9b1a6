-- What running the program needs: whether it can write, and how much waits to be sent.
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

revoke execute on function app.heartbeat(), app.outbox_waiting() from public;
grant execute on function app.heartbeat(), app.outbox_waiting() to waymark_app;

-- +goose Down
drop function app.outbox_waiting(), app.heartbeat();
drop table heartbeat;
