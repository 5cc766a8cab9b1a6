-- Signing in with a code instead of a password, and the two doors that a telephone's answer needs.
-- +goose Up

-- Codes to sign in with: one row for each person whom the address may mean, and one that means nobody
-- for an address that nobody has. The hash is of the code and of what only the asking browser holds, so
-- this table opens nothing. It belongs to no agency and the program has no grant to it.
create table sign_in_codes (
    id         uuid primary key default gen_random_uuid(),
    ask_hash   bytea not null check (length(ask_hash) = 32),
    link_hash  bytea not null check (length(link_hash) = 32),
    code_hash  bytea not null check (length(code_hash) = 32),
    -- Of the address asked for: wrong codes count against it.
    address_key bytea not null check (length(address_key) = 32),
    agency_id  uuid,
    user_id    uuid,
    birth_date date,
    tries      int not null default 0,
    made_at    timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null,
    used_at    timestamptz
);
create index sign_in_codes_by_ask on sign_in_codes (ask_hash);
create index sign_in_codes_by_link on sign_in_codes (link_hash);
create index sign_in_codes_by_address on sign_in_codes (address_key, made_at);
create index sign_in_codes_by_age on sign_in_codes (made_at);

-- People of one family may share a mailbox: who has no address of their own signs in with codes that go
-- to the one on their record.
drop index users_by_email;
create unique index users_by_email on users (email) where email <> '';
create or replace function app.sign_in_user(address text)
    returns table (agency_id uuid, user_id uuid, password_hash text, active boolean, epoch int)
    language sql stable security definer set search_path = public, pg_temp as $$
    select u.agency_id, u.id, u.password_hash, u.active, u.epoch from users u where u.email = lower(address) and u.email <> '' $$;
create index participants_by_email on participants (lower(email)) where email <> '';
create index participants_by_text on participants (right(phone_digits, 10)) where texts_ok;

-- code_people gives the participants who may mean an address, or a telephone whose owner agreed to texts.
create function app.code_people(address text, telephone text)
    returns table (agency_id uuid, user_id uuid, language text, birth_date date, stopped boolean)
    language sql stable security definer set search_path = public, pg_temp as $$
    select u.agency_id, u.id, u.language, p.birth_date,
        exists (select from text_stops s where s.agency_id = p.agency_id and s.digits = right(p.phone_digits, 10) and s.resumed_at is null)
    from users u join participants p on p.agency_id = u.agency_id and p.id = u.participant_id
    where u.active and u.role = 'participant' and (u.password_hash <> '' or u.confirmed_at is not null) and (
        address <> '' and u.email = address
        or address <> '' and u.email = '' and (u.agency_id, u.participant_id) in (select x.agency_id, x.id from participants x where lower(x.email) = address and x.email <> '')
        or telephone <> '' and (u.agency_id, u.participant_id) in (select x.agency_id, x.id from participants x where x.texts_ok and right(x.phone_digits, 10) = telephone and length(x.phone_digits) in (10, 11)))
    order by u.id limit 8 $$;

-- +goose StatementBegin
-- put_code keeps one code, for a day at most, and says how many were made for its address in a day.
create function app.put_code(ask bytea, link bytea, code bytea, address bytea, agency uuid, person uuid, born date, seconds int) returns int
    language sql security definer set search_path = public, pg_temp as $$
    delete from sign_in_codes where made_at < clock_timestamp() - interval '1 day';
    insert into sign_in_codes (ask_hash, link_hash, code_hash, address_key, agency_id, user_id, birth_date, expires_at)
        values (ask, link, code, address, agency, person, born, clock_timestamp() + make_interval(secs => seconds));
    select cast(count(distinct ask_hash) as int) from sign_in_codes where address_key = address $$;
-- try_code counts a try, five at most, and gives what it may be held against. The key is of the browser
-- that asked or of the link that was sent.
create function app.try_code(key bytea) returns table (code_hash bytea, address_key bytea, agency_id uuid, user_id uuid, birth_date date)
    language sql security definer set search_path = public, pg_temp as $$
    update sign_in_codes set tries = tries + 1
    where (ask_hash = key or link_hash = key) and used_at is null and tries < 5 and expires_at > clock_timestamp()
    returning code_hash, address_key, agency_id, user_id, birth_date $$;
-- use_code ends all codes of one asking; of several at once exactly one is told that it did.
create function app.use_code(key bytea) returns int
    language sql security definer set search_path = public, pg_temp as $$
    with used as (update sign_in_codes set used_at = clock_timestamp() where (ask_hash = key or link_hash = key) and used_at is null returning 1)
    select cast(count(*) as int) from used $$;
-- drop_codes ends all codes of one person: a telephone was lost.
create function app.drop_codes(agency uuid, person uuid) returns int
    language sql security definer set search_path = public, pg_temp as $$
    with used as (update sign_in_codes set used_at = clock_timestamp() where agency_id = agency and user_id = person and used_at is null returning 1)
    select cast(count(*) as int) from used $$;
-- texting_agencies are those that know a telephone's number: what is written from it names no agency.
create function app.texting_agencies(telephone text) returns table (id uuid)
    language sql stable security definer set search_path = public, pg_temp as $$
    select distinct p.agency_id from participants p where p.phone_digits in (telephone, '1' || telephone) and telephone ~ '^[0-9]{10}$' limit 20 $$;
-- +goose StatementEnd
create index participants_by_digits on participants (phone_digits) where phone_digits <> '';

revoke execute on function app.code_people(text, text), app.put_code(bytea, bytea, bytea, bytea, uuid, uuid, date, int), app.try_code(bytea), app.use_code(bytea),
    app.drop_codes(uuid, uuid), app.texting_agencies(text) from public;
grant execute on function app.code_people(text, text), app.put_code(bytea, bytea, bytea, bytea, uuid, uuid, date, int), app.try_code(bytea), app.use_code(bytea),
    app.drop_codes(uuid, uuid), app.texting_agencies(text) to waymark_app;

-- +goose Down
drop index participants_by_digits, participants_by_text, participants_by_email;
drop function app.texting_agencies(text), app.drop_codes(uuid, uuid), app.use_code(bytea), app.try_code(bytea),
    app.put_code(bytea, bytea, bytea, bytea, uuid, uuid, date, int), app.code_people(text, text);
create or replace function app.sign_in_user(address text)
    returns table (agency_id uuid, user_id uuid, password_hash text, active boolean, epoch int)
    language sql stable security definer set search_path = public, pg_temp as $$
    select u.agency_id, u.id, u.password_hash, u.active, u.epoch from users u where u.email = lower(address) $$;
drop index users_by_email;
update users set email = cast(id as text) where email = '';
create unique index users_by_email on users (email);
drop table sign_in_codes;
