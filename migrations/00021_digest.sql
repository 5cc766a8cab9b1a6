-- The morning letter to staff: who wants it, and that everybody gets one a day at most.
-- +goose Up

alter table users add digest boolean not null default true;

-- One row a person and day, written with the letter or when there was nothing to say. The letter's link
-- to stop it is known by its hash alone.
create table digests (
    agency_id  uuid not null references agencies,
    user_id    uuid not null,
    on_day     date not null,
    token_hash bytea check (length(token_hash) = 32),
    made_at    timestamptz not null,
    primary key (agency_id, user_id, on_day),
    foreign key (agency_id, user_id) references users
);
create unique index digests_by_token on digests (token_hash) where token_hash is not null;
create index digests_by_day on digests (agency_id, on_day);
call app.secure('digests', '', 'select, insert, delete');

-- The address by which whoever gets a letter can stop it; forgotten with the text.
alter table outbox add unsubscribe text not null default '';

-- People who left are listed by their case manager and office as well.
create index cases_closed_by_manager on cases (agency_id, case_manager_id) where state in ('ineligible', 'exited', 'follow_up', 'closed');
create index cases_closed_by_office on cases (agency_id, office_id) where state in ('ineligible', 'exited', 'follow_up', 'closed');

-- The link is opened by nobody who is signed in; whose it is says this door.
create function app.digest_link(token bytea) returns table (agency_id uuid, user_id uuid, language text, agency_name text, time_zone text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select d.agency_id, d.user_id, u.language, a.name, a.time_zone from digests d
    join users u on u.agency_id = d.agency_id and u.id = d.user_id
    join agencies a on a.id = d.agency_id
    where d.token_hash = token $$;
revoke execute on function app.digest_link(bytea) from public;
grant execute on function app.digest_link(bytea) to waymark_app;

-- +goose Down
drop index cases_closed_by_office;
drop index cases_closed_by_manager;
drop function app.digest_link(bytea);
alter table outbox drop unsubscribe;
drop table digests;
alter table users drop digest;
