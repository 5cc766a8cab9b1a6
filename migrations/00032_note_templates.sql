-- Texts that an agency keeps for the notes that its staff write again and again.
-- +goose Up

create table note_templates (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    title       text not null check (title <> '' and length(title) <= 80),
    title_es    text not null default '' check (length(title_es) <= 80),
    body        text not null check (body <> '' and length(body) <= 4000),
    body_es     text not null default '' check (length(body_es) <= 4000),
    -- A template is put away and never deleted.
    archived_at timestamptz,
    version     int not null default 1,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),
    primary key (agency_id, id)
);
create unique index note_templates_by_title on note_templates (agency_id, lower(title)) where archived_at is null;
call app.secure('note_templates', '', 'select, insert, update');

-- +goose Down
drop table note_templates;
