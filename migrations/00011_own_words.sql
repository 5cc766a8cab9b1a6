-- The participant's side: what they say of their milestones and of themselves, the thread with its
-- answers, and texts to telephones.
-- +goose Up

-- "done", "stuck" and "change" are about one milestone; "words" says that answers of their own wait.
alter table signals drop constraint signals_kind_check;
alter table signals add constraint signals_kind_check check (kind in ('message', 'feeling', 'another_time', 'done', 'stuck', 'change', 'words'));
alter table signals add column about text not null default '' check (length(about) <= 120);

-- A message may answer a signal, and may stand in both languages.
alter table messages add column translation text not null default '' check (length(translation) <= 2000);
alter table messages add column translation_lang text not null default '';
alter table messages add column signal_id uuid;
alter table messages add foreign key (agency_id, signal_id) references signals;
-- That a participant said "I have read this": everything written until then.
create table thread_reads (
    agency_id uuid not null references agencies,
    case_id   uuid not null,
    read_at   timestamptz not null,
    primary key (agency_id, case_id, read_at),
    foreign key (agency_id, case_id) references cases
);
call app.secure('thread_reads', 'exists (select from cases c where c.agency_id = thread_reads.agency_id and c.id = case_id)', 'select, insert');
call app.keep('thread_reads');

-- What participants say about themselves, topic by topic, and goals that they propose. It changes nothing
-- in the case until somebody who works on it accepts it; the newest that is not settled is what holds.
create table own_words (
    agency_id  uuid not null references agencies,
    id         uuid not null,
    case_id    uuid not null,
    kind       text not null check (kind in ('section', 'supports', 'goal')),
    topic      text not null check (topic <> '' and length(topic) <= 60),
    -- Only the answers that were asked, by the names that the staff form gives them.
    answers    jsonb not null,
    language   text not null,
    said_at    timestamptz not null,
    said_by    uuid not null,
    outcome    text not null default '' check (outcome in ('', 'accepted', 'declined', 'replaced')),
    reason     text not null default '' check (length(reason) <= 500),
    settled_by uuid,
    settled_at timestamptz,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    check ((outcome = '') = (settled_at is null)),
    check (outcome <> 'declined' or reason <> '')
);
create index own_words_waiting on own_words (agency_id, case_id, kind, topic, said_at desc) where settled_at is null;
create index own_words_by_case on own_words (agency_id, case_id, said_at desc);
call app.secure('own_words', 'exists (select from cases c where c.agency_id = own_words.agency_id and c.id = case_id)', 'select, insert, update');

-- Texts go through the same outbox as letters, and the provider says what became of each.
alter table outbox drop constraint outbox_channel_check;
alter table outbox add constraint outbox_channel_check check (channel in ('email', 'text'));
alter table outbox add column kind text not null default '';
alter table outbox add column case_id uuid;
-- The same thing is never sent twice.
alter table outbox add column once text not null default '';
alter table outbox add column provider_id text not null default '';
alter table outbox add column delivery text not null default '' check (delivery in ('', 'shown', 'queued', 'sent', 'delivered', 'undelivered', 'failed'));
alter table outbox add column delivered_at timestamptz;
alter table outbox add foreign key (agency_id, case_id) references cases;
create unique index outbox_once on outbox (agency_id, once) where once <> '';
create index outbox_by_provider on outbox (agency_id, provider_id) where provider_id <> '';
create index outbox_by_case on outbox (agency_id, case_id, created_at desc) where case_id is not null;
create index outbox_by_time on outbox (agency_id, created_at desc, id desc);

-- Numbers that wrote STOP, until they write START.
create table text_stops (
    agency_id  uuid not null references agencies,
    digits     text not null check (digits ~ '^[0-9]{10}$'),
    stopped_at timestamptz not null,
    resumed_at timestamptz,
    primary key (agency_id, digits, stopped_at)
);
create unique index text_stops_now on text_stops (agency_id, digits) where resumed_at is null;
call app.secure('text_stops', '', 'select, insert, update');

-- Reminders look for what is planned on a day.
create index appointments_by_day on appointments (agency_id, on_date) where state = 'planned';

-- A participant may do without a password: then this says that the invitation was accepted.
alter table users add column confirmed_at timestamptz;

-- +goose Down
alter table users drop column confirmed_at;
drop index appointments_by_day;
drop table text_stops;
drop index outbox_by_time, outbox_by_case, outbox_by_provider, outbox_once;
alter table outbox drop column delivered_at, drop column delivery, drop column provider_id, drop column once, drop column case_id, drop column kind;
alter table outbox drop constraint outbox_channel_check;
delete from outbox where channel <> 'email';
alter table outbox add constraint outbox_channel_check check (channel in ('email'));
drop table own_words, thread_reads;
alter table messages drop column signal_id, drop column translation_lang, drop column translation;
alter table signals drop column about;
alter table signals drop constraint signals_kind_check;
delete from signals where kind in ('done', 'stuck', 'change', 'words');
alter table signals add constraint signals_kind_check check (kind in ('message', 'feeling', 'another_time'));
