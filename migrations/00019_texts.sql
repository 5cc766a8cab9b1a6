-- Texts on their way and back: replies, what people want to be told of and where, since when they agreed.
-- +goose Up

-- What a text or a letter tells of, such as a message, so that its page can say whether it came.
alter table outbox add column about uuid;
alter table outbox add column tried_at timestamptz;
create index outbox_by_about on outbox (agency_id, about) where about is not null;
-- An answer by text is about whoever the newest text to the telephone was about.
create index outbox_by_telephone on outbox (agency_id, recipient, created_at desc) where channel = 'text';
-- Until now texts were never sent and kept their codes.
update outbox set body = '' where channel = 'text';

-- Replies that came by text, each once however often the provider tells of it. What was said stands in
-- table signals.
create table text_replies (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    provider_id text not null check (provider_id <> ''),
    said        text not null check (said in ('stop', 'start', 'help', 'yes', 'other_time', 'message')),
    case_id     uuid,
    received_at timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create unique index text_replies_once on text_replies (agency_id, provider_id);
call app.secure('text_replies', '', 'select, insert');
call app.keep('text_replies');

-- What somebody wants to be told of and where; without a row everything, by text if texts are fine.
create table notice_choices (
    agency_id      uuid not null references agencies,
    participant_id uuid not null,
    channel        text not null check (channel in ('text', 'email', 'none')),
    appointment    boolean not null,
    todo           boolean not null,
    plan           boolean not null,
    message        boolean not null,
    chosen_at      timestamptz not null,
    primary key (agency_id, participant_id),
    foreign key (agency_id, participant_id) references participants
);
call app.secure('notice_choices', 'participant_id = (select app.person())', 'select, insert, update');

-- Since when texts are fine for this number.
alter table participants add column texts_ok_at timestamptz;
update participants set texts_ok_at = updated_at where texts_ok;
-- +goose StatementBegin
create function app.agreed_to_texts() returns trigger language plpgsql as $$
begin
    if not new.texts_ok then
        new.texts_ok_at := null;
    elsif tg_op = 'INSERT' or not old.texts_ok or old.phone_digits is distinct from regexp_replace(new.phone, '[^0-9]', '', 'g') then
        new.texts_ok_at := new.updated_at;
    end if;
    return new;
end $$;
-- +goose StatementEnd
create trigger agreed_to_texts before insert or update of texts_ok, phone on participants for each row execute function app.agreed_to_texts();

-- Reminders look for what was frozen or took force lately, and for what is due on a day.
create index plan_versions_in_force_on on plan_versions (agency_id, in_force_on) where state = 'in_force';

-- +goose Down
drop index plan_versions_in_force_on;
drop trigger agreed_to_texts on participants;
drop function app.agreed_to_texts();
alter table participants drop column texts_ok_at;
drop table notice_choices, text_replies;
drop index outbox_by_telephone, outbox_by_about;
alter table outbox drop column tried_at, drop column about;
