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

-- +goose Down
drop table documents;
