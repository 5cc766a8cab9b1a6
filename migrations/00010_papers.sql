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

-- That somebody was given the equal-opportunity notice (29 CFR 38.34 to 38.36) and said so: when, in
-- which language and wording, and how. This row is the copy for the file.
create table notice_receipts (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    wording     text not null check (wording <> ''),
    lang        text not null check (lang <> ''),
    method      text not null check (method in ('online', 'in_person', 'paper')),
    name        text not null check (name <> '' and length(name) <= 200),
    received_on date not null,
    recorded_by uuid not null,
    recorded_at timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create index notice_receipts_by_case on notice_receipts (agency_id, case_id, recorded_at desc);
call app.secure('notice_receipts', 'exists (select from cases c where c.agency_id = notice_receipts.agency_id and c.id = case_id)', 'select, insert');
call app.keep('notice_receipts');

-- What a participant allows one partner to be told, what for and until when. A change is a new row that
-- stands for the one before; taking it back is a row of its own.
create table consents (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    partner     text not null check (partner <> '' and length(partner) <= 160),
    purpose     text not null check (purpose <> '' and length(purpose) <= 500),
    from_on     date not null,
    until_on    date not null,
    method      text not null check (method in ('online', 'in_person', 'paper')),
    supersedes  uuid,
    recorded_by uuid not null,
    recorded_at timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, supersedes) references consents,
    check (until_on >= from_on and until_on <= from_on + 366)
);
create index consents_by_case on consents (agency_id, case_id, recorded_at desc);
create unique index consents_superseded on consents (agency_id, supersedes) where supersedes is not null;
call app.secure('consents', 'exists (select from cases c where c.agency_id = consents.agency_id and c.id = case_id)', 'select, insert');
call app.keep('consents');

create table consent_withdrawals (
    agency_id    uuid not null references agencies,
    consent_id   uuid not null,
    withdrawn_on date not null,
    withdrawn_by uuid not null,
    recorded_at  timestamptz not null,
    primary key (agency_id, consent_id),
    foreign key (agency_id, consent_id) references consents
);
call app.secure('consent_withdrawals', 'exists (select from consents c where c.agency_id = consent_withdrawals.agency_id and c.id = consent_id)', 'select, insert');
call app.keep('consent_withdrawals');

-- Complaints of discrimination (29 CFR 38.69 to 38.72): for the equal-opportunity officer, who is the
-- administrator here, and for whoever complains. Nobody who works on cases sees that there is one.
create table complaints (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    number         text not null,
    participant_id uuid,
    name           text not null check (name <> '' and length(name) <= 200),
    contact        text not null default '' check (length(contact) <= 300),
    bases          text[] not null check (cardinality(bases) > 0),
    about          text not null default '' check (length(about) <= 300),
    what           text not null check (what <> '' and length(what) <= 8000),
    happened_on    date not null,
    filed_on       date not null,
    lang           text not null,
    recorded_by    uuid not null,
    recorded_at    timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, participant_id) references participants,
    check (happened_on <= filed_on)
);
create unique index complaints_by_number on complaints (agency_id, number);
create index complaints_by_day on complaints (agency_id, filed_on desc, id desc);
call app.secure('complaints', 'participant_id = (select app.person())', 'select, insert');
call app.keep('complaints');

create table complaint_events (
    agency_id    uuid not null references agencies,
    id           uuid not null,
    complaint_id uuid not null,
    kind         text not null check (kind in ('acknowledged', 'asked', 'looked_into', 'notice_of_issues', 'resolution', 'final_action', 'withdrawn', 'note')),
    on_date      date not null,
    words        text not null default '' check (length(words) <= 4000),
    -- shared: the person who complains is told.
    shared       boolean not null,
    recorded_by  uuid not null,
    recorded_at  timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, complaint_id) references complaints
);
create index complaint_events_by_complaint on complaint_events (agency_id, complaint_id, on_date, recorded_at);
call app.secure('complaint_events', 'shared and exists (select from complaints c where c.agency_id = complaint_events.agency_id and c.id = complaint_id)', 'select, insert');
call app.keep('complaint_events');

-- The lock on self goes further here: staff other than the administrator see no row at all.
alter policy self on complaints using (case (select app.role()) when 'participant' then participant_id = (select app.person()) when 'administrator' then true when 'system' then true else false end);
alter policy self on complaint_events using (case (select app.role()) when 'participant' then shared and exists (select from complaints c where c.agency_id = complaint_events.agency_id and c.id = complaint_id)
    when 'administrator' then true when 'system' then true else false end);

-- +goose Down
drop table complaint_events, complaints, consent_withdrawals, consents, notice_receipts;
drop function app.calendar_feed(bytea);
drop table calendar_feeds, documents;
