-- What every tenant table stands on: roles, the row-level context and the two locks.
-- +goose Up
-- +goose StatementBegin
do $$ begin
    perform pg_advisory_xact_lock(7116331);
    if not exists (select from pg_roles where rolname = 'waymark_app') then
        create role waymark_app login nosuperuser nobypassrls nocreatedb nocreaterole noinherit;
    end if;
end $$;
-- +goose StatementEnd
create extension if not exists pg_trgm;
create extension if not exists unaccent;
create schema app;
create schema equity;
grant usage on schema public, app, equity to waymark_app;
revoke create on schema public from public;

-- The context is set with BEGIN by package pg. After a transaction the setting is '', hence nullif.
create function app.agency() returns uuid language sql stable parallel safe
    return cast(nullif(current_setting('app.agency', true), '') as uuid);
create function app.role() returns text language sql stable parallel safe
    return coalesce(nullif(current_setting('app.role', true), ''), 'none');
create function app.person() returns uuid language sql stable parallel safe
    return cast(nullif(current_setting('app.person', true), '') as uuid);
create function app.actor() returns uuid language sql stable parallel safe
    return cast(nullif(current_setting('app.actor', true), '') as uuid);

-- app.secure puts both locks on a tenant table: agency for everybody, and for participants a further
-- condition on self ('' when they may not touch the table at all), and grants the verbs given.
-- +goose StatementBegin
create procedure app.secure(target regclass, self text, verbs text) language plpgsql as $$
begin
    execute format('alter table %s enable row level security', target);
    execute format('alter table %s force row level security', target);
    execute format('create policy readable on %s using (true) with check (true)', target);
    execute format('create policy agency on %s as restrictive using (agency_id = (select app.agency())) with check (agency_id = (select app.agency()))', target);
    execute format('create policy self on %s as restrictive using (case when (select app.role()) = ''participant'' then %s else true end)',
        target, coalesce(nullif(self, ''), 'false'));
    execute format('grant %s on %s to waymark_app', verbs, target);
end $$;
-- History is never rewritten, not even by the tables' owner.
create function app.append_only() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only', tg_table_name using errcode = '42501';
end $$;
create procedure app.keep(target regclass) language plpgsql as $$
begin
    execute format('create trigger keep before update or delete on %s for each row execute function app.append_only()', target);
    execute format('create trigger keep_all before truncate on %s for each statement execute function app.append_only()', target);
end $$;
-- +goose StatementEnd

-- fold makes text comparable in search: lower case, no accents. unaccent is only stable, so it is wrapped.
create function app.fold(t text) returns text language sql immutable parallel safe strict
    return lower(public.unaccent(cast('public.unaccent' as regdictionary), t));

create table agencies (
    id         uuid primary key,
    slug       text not null unique check (slug ~ '^[a-z0-9-]{2,40}$'),
    name       text not null check (name <> ''),
    time_zone  text not null,
    phone      text not null default '',
    address    text not null default '',
    state      text not null check (state ~ '^[A-Z]{2}$'),
    region     text not null default '',
    demo       boolean not null default false,
    version    int not null default 1,
    created_at timestamptz not null default now()
);
alter table agencies enable row level security;
alter table agencies force row level security;
create policy readable on agencies using (true) with check (true);
create policy agency on agencies as restrictive using (id = (select app.agency())) with check (id = (select app.agency()));
grant select, update on agencies to waymark_app;

-- Settings carry the day from which they hold; the newest row on or before a day wins.
create table settings (
    agency_id    uuid not null references agencies,
    id           uuid not null,
    key          text not null check (key <> ''),
    effective_on date not null,
    value        jsonb not null,
    recorded_by  uuid,
    recorded_at  timestamptz not null default now(),
    primary key (agency_id, id)
);
create index settings_by_key on settings (agency_id, key, effective_on desc, recorded_at desc, id desc);
call app.secure('settings', 'true', 'select, insert');
call app.keep('settings');

create table offices (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    name        text not null check (name <> ''),
    address     text not null default '',
    phone       text not null default '',
    archived_at timestamptz,
    version     int not null default 1,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    primary key (agency_id, id)
);
create unique index offices_by_name on offices (agency_id, lower(name)) where archived_at is null;
call app.secure('offices', 'true', 'select, insert, update');

create table holidays (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    on_date     date not null,
    name        text not null check (name <> ''),
    name_es     text not null default '',
    office_id   uuid,
    archived_at timestamptz,
    version     int not null default 1,
    created_at  timestamptz not null default now(),
    primary key (agency_id, id),
    foreign key (agency_id, office_id) references offices
);
create unique index holidays_by_day on holidays (agency_id, on_date, office_id) nulls not distinct where archived_at is null;
call app.secure('holidays', 'true', 'select, insert, update');

-- +goose Down
drop schema app cascade;
