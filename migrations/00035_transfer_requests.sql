-- +goose Up
-- What case managers ask of the supervisor: that people of theirs go to somebody else. Whoever asks never
-- decides; granted, it becomes a transfer like any other.
create table transfer_requests (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    -- Whom they would like; none leaves it to the supervisor.
    to_id       uuid,
    why         text not null check (why <> '' and length(why) <= 1000),
    note        text not null default '' check (length(note) <= 2000),
    state       text not null default 'waiting' check (state in ('waiting', 'granted', 'declined', 'withdrawn')),
    asked_by    uuid not null,
    asked_at    timestamptz not null,
    decided_by  uuid,
    decided_at  timestamptz,
    answer      text not null default '' check (length(answer) <= 1000),
    transfer_id uuid,
    primary key (agency_id, id),
    foreign key (agency_id, to_id) references users,
    foreign key (agency_id, asked_by) references users,
    foreign key (agency_id, decided_by) references users,
    foreign key (agency_id, transfer_id) references transfers,
    check ((state = 'waiting') = (decided_at is null) and (decided_at is null) = (decided_by is null)),
    check ((state = 'granted') = (transfer_id is not null)),
    check (state not in ('granted', 'declined') or decided_by <> asked_by),
    check (state <> 'declined' or answer <> '')
);
create index transfer_requests_by_time on transfer_requests (agency_id, asked_at desc, id desc);
create index transfer_requests_waiting on transfer_requests (agency_id, asked_at) where state = 'waiting';
call app.secure('transfer_requests', '', 'select, insert, update');

create table transfer_request_cases (
    agency_id  uuid not null references agencies,
    request_id uuid not null,
    case_id    uuid not null,
    primary key (agency_id, request_id, case_id),
    foreign key (agency_id, request_id) references transfer_requests,
    foreign key (agency_id, case_id) references cases
);
create index transfer_request_cases_by_case on transfer_request_cases (agency_id, case_id);
call app.secure('transfer_request_cases', '', 'select, insert');

-- +goose Down
drop table transfer_request_cases, transfer_requests;
