-- A pathway version's life: drafted, validated by employers, published, retired. What happened is
-- appended beside the version; its document changes only while it is a draft.
-- +goose Up
alter table pathway_versions add column revision int not null default 1;
alter table pathway_versions drop constraint pathway_versions_state_check;
alter table pathway_versions add constraint pathway_versions_state_check check (state in ('draft', 'validated', 'published', 'retired', 'withdrawn'));
create unique index pathway_versions_one_open on pathway_versions (agency_id, code) where state in ('draft', 'validated');

-- +goose StatementBegin
create function app.frozen_pathway() returns trigger language plpgsql as $$
begin
    if old.state <> 'draft' and (new.document is distinct from old.document or new.sha256 is distinct from old.sha256) then
        raise exception 'the document of a pathway version changes only while it is a draft' using errcode = '42501';
    end if;
    if new.code <> old.code or new.version <> old.version then
        raise exception 'a pathway version keeps its code and number' using errcode = '42501';
    end if;
    return new;
end $$;
-- +goose StatementEnd
create trigger frozen before update on pathway_versions for each row execute function app.frozen_pathway();

create table pathway_events (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    code        text not null,
    version     int not null,
    kind        text not null check (kind in ('drafted', 'validated', 'reopened', 'published', 'retired', 'taken_back', 'restored', 'dropped')),
    on_date     date not null,
    employers   text[] not null default '{}',
    note        text not null default '',
    recorded_by uuid,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    check (kind <> 'validated' or cardinality(employers) > 0)
);
create index pathway_events_by_version on pathway_events (agency_id, code, version, recorded_at, id);
call app.secure('pathway_events', 'true', 'select, insert');
call app.keep('pathway_events');

insert into pathway_events (agency_id, id, code, version, kind, on_date, recorded_by, recorded_at)
    select agency_id, gen_random_uuid(), code, version, 'published', cast(published_at as date), recorded_by, published_at
    from pathway_versions where published_at is not null;

-- What a case manager answered when a new version changed the steps that somebody had chosen.
create table pathway_moves (
    agency_id    uuid not null references agencies,
    id           uuid not null,
    case_id      uuid not null,
    code         text not null,
    from_version int not null,
    to_version   int not null,
    answer       text not null check (answer in ('accepted', 'declined')),
    selection_id uuid,
    reason       text not null default '',
    recorded_by  uuid not null,
    recorded_at  timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, selection_id) references selections,
    check (answer = 'declined' and selection_id is null or answer = 'accepted' and selection_id is not null)
);
create unique index pathway_moves_once on pathway_moves (agency_id, case_id, code, to_version);
call app.secure('pathway_moves', 'exists (select from cases c where c.agency_id = pathway_moves.agency_id and c.id = case_id)', 'select, insert');
call app.keep('pathway_moves');

-- Local demand by schooling and area, as a partnership counts it; the newest row of a sector holds.
create table demand_grids (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    sector      text not null,
    document    jsonb not null,
    sha256      bytea not null,
    recorded_by uuid,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id)
);
create index demand_grids_newest on demand_grids (agency_id, sector, recorded_at desc, id desc);
call app.secure('demand_grids', 'true', 'select, insert');
call app.keep('demand_grids');
-- +goose Down
drop table demand_grids, pathway_moves, pathway_events;
drop trigger frozen on pathway_versions;
drop function app.frozen_pathway();
drop index pathway_versions_one_open;
alter table pathway_versions drop constraint pathway_versions_state_check;
alter table pathway_versions add constraint pathway_versions_state_check check (state in ('draft', 'validated', 'published', 'retired'));
alter table pathway_versions drop column revision;
