-- Who may sign in, and how that is remembered.
-- +goose Up
create table users (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    email          text not null check (email = lower(email) and length(email) <= 254),
    first_name     text not null default '',
    last_name      text not null default '',
    phone          text not null default '',
    role           text not null check (role in ('participant', 'case_manager', 'supervisor', 'administrator', 'auditor')),
    office_id      uuid,
    participant_id uuid,
    language       text not null default 'en' check (language in ('en', 'es')),
    shortcuts      boolean not null default true,
    roomy          boolean not null default false,
    password_hash  text not null default '',
    -- Every session carries the epoch it began with; raising it ends them all.
    epoch          int not null default 1,
    active         boolean not null default true,
    version        int not null default 1,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    primary key (agency_id, id),
    foreign key (agency_id, office_id) references offices,
    check ((role = 'participant') = (participant_id is not null)),
    check (role not in ('case_manager', 'supervisor') or office_id is not null)
);
-- Signing in names no agency, so an address belongs to one person in the whole installation.
create unique index users_by_email on users (email);
create index users_by_office on users (agency_id, office_id, role) where active;
create unique index users_by_participant on users (agency_id, participant_id) where participant_id is not null and active;
-- A participant reads the staff who help them, and changes only their own row.
call app.secure('users', 'role <> ''participant'' or id = (select app.actor())', 'select, insert, update');

create table sessions (
    agency_id  uuid not null references agencies,
    id         uuid not null,
    user_id    uuid not null,
    -- SHA-256 of the 32 random bytes that only the browser or the script holds.
    token_hash bytea not null,
    bearer     boolean not null,
    epoch      int not null,
    created_at timestamptz not null default clock_timestamp(),
    seen_at    timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, user_id) references users
);
create unique index sessions_by_token on sessions (token_hash) include (agency_id, id, user_id, epoch, created_at, seen_at, bearer);
create index sessions_by_user on sessions (agency_id, user_id);
call app.secure('sessions', 'user_id = (select app.actor())', 'select, insert, update, delete');

-- One-time links: invitation and password reset. The token itself is never stored.
create table one_time_links (
    agency_id  uuid not null references agencies,
    id         uuid not null,
    user_id    uuid not null,
    purpose    text not null check (purpose in ('invitation', 'reset')),
    token_hash bytea not null,
    expires_at timestamptz not null,
    used_at    timestamptz,
    revoked_at timestamptz,
    made_by    uuid,
    created_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, user_id) references users
);
create unique index one_time_links_by_token on one_time_links (token_hash);
create index one_time_links_by_user on one_time_links (agency_id, user_id, created_at desc);
call app.secure('one_time_links', '', 'select, insert, update');

-- Failed sign-ins by account and by address; the key is a hash, so unknown addresses leave no trace.
create table throttle (
    key       bytea primary key,
    failures  int not null,
    until     timestamptz not null,
    last_at   timestamptz not null
);

create table outbox (
    agency_id  uuid not null references agencies,
    id         uuid not null,
    channel    text not null check (channel in ('email')),
    recipient  text not null,
    subject    text not null,
    body       text not null,
    attempts   int not null default 0,
    next_at    timestamptz not null default clock_timestamp(),
    sent_at    timestamptz,
    failed     text not null default '',
    created_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id)
);
create index outbox_due on outbox (agency_id, next_at) where sent_at is null;
call app.secure('outbox', '', 'select, insert, update');

-- One answer per submission: form token or Idempotency-Key.
create table submissions (
    agency_id   uuid not null references agencies,
    user_id     uuid not null,
    key         text not null check (length(key) between 8 and 200),
    route       text not null,
    body_hash   bytea not null,
    status      int not null default 0,
    location    text not null default '',
    body        bytea,
    created_at  timestamptz not null default clock_timestamp(),
    primary key (agency_id, user_id, key)
);
create index submissions_by_age on submissions (agency_id, created_at);
call app.secure('submissions', 'user_id = (select app.actor())', 'select, insert, update, delete');

-- What someone has typed and not yet saved, one per person and form, for 30 days.
create table drafts (
    agency_id uuid not null references agencies,
    user_id   uuid not null,
    form      text not null check (length(form) <= 200),
    case_id   uuid,
    title     text not null default '',
    values    jsonb not null,
    saved_at  timestamptz not null default clock_timestamp(),
    primary key (agency_id, user_id, form)
);
call app.secure('drafts', 'user_id = (select app.actor())', 'select, insert, update, delete');

create table audit_log (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    at             timestamptz not null,
    actor_id       uuid,
    actor_role     text not null,
    action         text not null,
    participant_id uuid,
    case_id        uuid,
    subject_id     uuid,
    -- Field names and codes of what changed, never the personal data itself.
    detail         jsonb not null default '{}',
    -- A reading is noted once per reader, record and hour.
    reading_hour   timestamptz,
    request_id     text not null default '',
    primary key (agency_id, id)
);
create index audit_log_by_case on audit_log (agency_id, case_id, at desc, id desc);
create index audit_log_by_participant on audit_log (agency_id, participant_id, at desc, id desc);
create index audit_log_by_time on audit_log (agency_id, at desc, id desc);
create unique index audit_log_readings on audit_log (agency_id, actor_id, participant_id, reading_hour) where reading_hour is not null;
call app.secure('audit_log', 'participant_id = (select app.person()) or actor_id = (select app.actor())', 'select, insert');
call app.keep('audit_log');

-- Rows are chained by the sweep, not in the business transaction, so that writers of one agency do not queue.
create table audit_chain (
    agency_id uuid not null references agencies,
    seq       bigint not null,
    audit_id  uuid not null,
    prev_hash bytea not null,
    hash      bytea not null,
    primary key (agency_id, seq),
    unique (agency_id, audit_id),
    foreign key (agency_id, audit_id) references audit_log
);
call app.secure('audit_chain', '', 'select, insert');
call app.keep('audit_chain');

-- Signing in happens before an agency is known, so these few doors run as their owner.
create function app.sign_in_user(address text)
    returns table (agency_id uuid, user_id uuid, password_hash text, active boolean, epoch int)
    language sql stable security definer set search_path = public, pg_temp as $$
    select u.agency_id, u.id, u.password_hash, u.active, u.epoch from users u where u.email = lower(address) $$;

-- Everything a request needs to know of its session, in one round trip. In plpgsql, because that keeps
-- the plan where an sql function would be planned at every call.
-- +goose StatementBegin
create function app.session(token bytea)
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

create function app.one_time_link(token bytea)
    returns table (agency_id uuid, id uuid, user_id uuid, purpose text, email text, first_name text, language text, usable boolean)
    language sql stable security definer set search_path = public, pg_temp as $$
    select l.agency_id, l.id, l.user_id, l.purpose, u.email, u.first_name, u.language,
        l.used_at is null and l.revoked_at is null and l.expires_at > clock_timestamp() and u.active
    from one_time_links l join users u on u.agency_id = l.agency_id and u.id = l.user_id
    where l.token_hash = token $$;

create function app.agencies() returns table (id uuid, slug text, time_zone text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select id, slug, time_zone from agencies order by slug $$;

-- throttled gives the seconds still to wait for any of the keys.
create function app.throttled(keys bytea[]) returns int
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce(max(ceil(extract(epoch from until - clock_timestamp()))), 0)::int
    from throttle where key = any (keys) and until > clock_timestamp() $$;

-- +goose StatementBegin
-- failed counts one failure: from the fifth on, the wait doubles from one second up to fifteen minutes.
create function app.failed(keys bytea[]) returns int
    language sql security definer set search_path = public, pg_temp as $$
    insert into throttle (key, failures, until, last_at)
    select k, 1, clock_timestamp(), clock_timestamp() from unnest(keys) k
    on conflict (key) do update set
        failures = case when throttle.last_at < clock_timestamp() - interval '24 hours' then 1 else throttle.failures + 1 end,
        until = clock_timestamp() + make_interval(secs => case when throttle.failures < 4 then 0 else least(900, power(2, least(throttle.failures - 4, 12))) end),
        last_at = clock_timestamp();
    select cardinality(keys) $$;
-- +goose StatementEnd
-- +goose StatementBegin
create function app.forgiven(keys bytea[]) returns int
    language sql security definer set search_path = public, pg_temp as $$
    delete from throttle where key = any (keys);
    select cardinality(keys) $$;
-- +goose StatementEnd

revoke execute on all functions in schema app from public;
grant execute on all functions in schema app to waymark_app;

-- +goose Down
drop table audit_chain, audit_log, drafts, submissions, outbox, throttle, one_time_links, sessions, users;
