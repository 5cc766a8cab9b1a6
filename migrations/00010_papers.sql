-- Papers of a case, a participant's dates as a feed, and a participant's rights.
-- +goose Up

-- What a document is about; its content lies sealed on the disk under its fingerprint. Nothing is
-- deleted: what is not wanted is put away with a reason.
create table documents (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    case_id        uuid not null,
    kind           text not null check (kind in ('id', 'work', 'pay', 'school', 'certificate', 'address', 'benefits', 'health', 'signed', 'other')),
    title          text not null default '' check (length(title) <= 120),
    -- shared: participant and staff; staff: staff; restricted: who put it there, and supervisors.
    visibility     text not null check (visibility in ('shared', 'staff', 'restricted')),
    media_type     text not null check (media_type in ('image/jpeg', 'application/pdf')),
    size_bytes     int not null check (size_bytes > 0),
    sha256         bytea not null check (length(sha256) = 32),
    expires_on     date,
    source         text not null check (source in ('staff', 'participant')),
    uploaded_by    uuid not null,
    uploaded_at    timestamptz not null,
    seen_by        uuid,
    seen_at        timestamptz,
    archived_by    uuid,
    archived_at    timestamptz,
    archive_reason text not null default '',
    version        int not null default 1,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, uploaded_by) references users,
    check (source <> 'participant' or visibility = 'shared'),
    check ((archived_at is null) = (archive_reason = ''))
);
create index documents_by_case on documents (agency_id, case_id, uploaded_at desc, id desc);
create index documents_by_content on documents (agency_id, sha256);
create index documents_unseen on documents (agency_id, case_id) where source = 'participant' and seen_at is null and archived_at is null;
create index documents_expiring on documents (agency_id, case_id, expires_on) where expires_on is not null and archived_at is null;
call app.secure('documents', 'visibility = ''shared'' and archived_at is null and exists (select from cases c where c.agency_id = documents.agency_id and c.id = case_id)', 'select, insert, update');

-- The address under which a participant's telephone asks for their dates: secret, one at a time, and
-- ended at any time. The address itself is never stored.
create table calendar_feeds (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    participant_id uuid not null,
    user_id        uuid not null,
    token_hash     bytea not null check (length(token_hash) = 32),
    made_at        timestamptz not null,
    ended_at       timestamptz,
    primary key (agency_id, id),
    foreign key (agency_id, participant_id) references participants,
    foreign key (agency_id, user_id) references users
);
create unique index calendar_feeds_by_token on calendar_feeds (token_hash);
create unique index calendar_feeds_one on calendar_feeds (agency_id, participant_id) where ended_at is null;
call app.secure('calendar_feeds', 'participant_id = (select app.person())', 'select, insert, update');

-- The feed is asked for by nobody who is signed in; whose it is says this door.
create function app.calendar_feed(token bytea)
    returns table (agency_id uuid, user_id uuid, participant_id uuid, language text, agency_name text, time_zone text)
    language sql stable security definer set search_path = public, pg_temp as $$
    select f.agency_id, f.user_id, f.participant_id, u.language, a.name, a.time_zone
    from calendar_feeds f
    join users u on u.agency_id = f.agency_id and u.id = f.user_id
    join agencies a on a.id = f.agency_id
    where f.token_hash = token and f.ended_at is null and u.active and u.participant_id = f.participant_id $$;
revoke execute on function app.calendar_feed(bytea) from public;
grant execute on function app.calendar_feed(bytea) to waymark_app;

-- +goose Down
drop function app.calendar_feed(bytea);
drop table calendar_feeds, documents;
