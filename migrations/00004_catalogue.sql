-- The pathway catalogue. A published version is one immutable document; plans and snapshots keep the version they used.
-- +goose Up
create table pathway_versions (
    agency_id    uuid not null references agencies,
    id           uuid not null,
    code         text not null check (code ~ '^[A-Z0-9-]{1,20}$'),
    version      int not null check (version > 0),
    state        text not null check (state in ('draft', 'validated', 'published', 'retired')),
    document     jsonb not null,
    sha256       bytea not null,
    recorded_by  uuid,
    recorded_at  timestamptz not null default clock_timestamp(),
    published_at timestamptz,
    primary key (agency_id, id)
);
create unique index pathway_versions_by_number on pathway_versions (agency_id, code, version);
create unique index pathway_versions_published on pathway_versions (agency_id, code) where state = 'published';
call app.secure('pathway_versions', 'true', 'select, insert, update');

create table catalogue_occupations (
    agency_id   uuid not null references agencies,
    soc         text not null,
    document    jsonb not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, soc)
);
call app.secure('catalogue_occupations', 'true', 'select, insert, update');

create table catalogue_regions (
    agency_id   uuid not null references agencies,
    code        text not null,
    document    jsonb not null,
    sha256      bytea not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, code)
);
call app.secure('catalogue_regions', 'true', 'select, insert, update');

-- O*NET short-form items, only where an administrator has imported them; shown word for word.
create table interest_items (
    agency_id   uuid not null references agencies,
    instrument  text not null,
    item        int not null check (item between 1 and 60),
    type        text not null check (type in ('R', 'I', 'A', 'S', 'E', 'C')),
    text        text not null,
    primary key (agency_id, instrument, item)
);
call app.secure('interest_items', 'true', 'select, insert, update');
-- +goose Down
drop table interest_items, catalogue_regions, catalogue_occupations, pathway_versions;
