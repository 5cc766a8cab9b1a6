-- What supervisors work with: how long people stood in a step, transfers, messages, saved views,
-- questions about a check-in, file reviews, and who gets which pathway.
-- +goose Up

-- The team page reads one office's open cases and nothing else, so that it does not grow with the agency.
create index cases_by_team on cases (agency_id, office_id, case_manager_id, step)
    include (id, step_since, next_on, paused_on, progress_on, last_reached_on)
    where state not in ('ineligible', 'exited', 'follow_up', 'closed');

-- Each time a case leaves a step: how long it had stood there. Written by the database itself, so that no
-- way of changing the step can forget it.
create table step_stays (
    agency_id uuid not null references agencies,
    id        uuid not null default gen_random_uuid(),
    case_id   uuid not null,
    step      int not null check (step between 1 and 6),
    from_on   date not null,
    until_on  date not null,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create index step_stays_by_case on step_stays (agency_id, case_id, step, until_on);
call app.secure('step_stays', '', 'select, insert');
call app.keep('step_stays');
-- +goose StatementBegin
create function app.stayed() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
    insert into step_stays (agency_id, case_id, step, from_on, until_on)
    values (new.agency_id, new.id, old.step, old.step_since, greatest(old.step_since, new.step_since));
    return null;
end $$;
-- +goose StatementEnd
revoke execute on function app.stayed() from public;
create trigger stayed after update of step on cases for each row when (old.step <> new.step) execute function app.stayed();

-- What staff write to a participant, and what the program tells them. Their side is table signals.
create table messages (
    agency_id uuid not null references agencies,
    id        uuid not null,
    case_id   uuid not null,
    -- Nobody wrote what the program says by itself.
    author_id uuid,
    kind      text not null check (kind in ('message', 'new_person')),
    language  text not null default 'en',
    body      text not null check (body <> '' and length(body) <= 2000),
    sent_at   timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, author_id) references users
);
create index messages_by_case on messages (agency_id, case_id, sent_at desc, id desc);
call app.secure('messages', 'exists (select from cases c where c.agency_id = messages.agency_id and c.id = case_id)', 'select, insert');
call app.keep('messages');

-- People moved from one case manager to another: all of them or none.
create table transfers (
    agency_id    uuid not null references agencies,
    id           uuid not null,
    to_id        uuid not null,
    effective_on date not null,
    note         text not null default '' check (length(note) <= 2000),
    -- Why somebody over the limit takes more.
    reason       text not null default '' check (length(reason) <= 500),
    state        text not null check (state in ('planned', 'done', 'cancelled', 'refused')),
    refused      text not null default '',
    count_before int,
    count_after  int,
    made_by      uuid not null,
    made_at      timestamptz not null,
    done_at      timestamptz,
    version      int not null default 1,
    primary key (agency_id, id),
    foreign key (agency_id, to_id) references users,
    foreign key (agency_id, made_by) references users,
    check (state <> 'done' or count_before = count_after and done_at is not null)
);
create index transfers_planned on transfers (agency_id, effective_on) where state = 'planned';
create index transfers_by_time on transfers (agency_id, made_at desc, id desc);
call app.secure('transfers', '', 'select, insert, update');

-- Each person of a transfer, with what the receiver needs to know, as it stood on the day.
create table transfer_cases (
    agency_id   uuid not null references agencies,
    transfer_id uuid not null,
    case_id     uuid not null,
    from_id     uuid not null,
    packet      jsonb not null default '{}',
    primary key (agency_id, transfer_id, case_id),
    foreign key (agency_id, transfer_id) references transfers,
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, from_id) references users
);
create index transfer_cases_by_case on transfer_cases (agency_id, case_id);
call app.secure('transfer_cases', '', 'select, insert, update');
create index assignments_by_case on assignments (agency_id, case_id, from_on);

-- A list's address under a name of one's own.
create table saved_views (
    agency_id  uuid not null references agencies,
    id         uuid not null,
    user_id    uuid not null,
    name       text not null check (name <> '' and length(name) <= 60),
    query      text not null check (length(query) <= 1000),
    created_at timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, user_id) references users
);
create unique index saved_views_by_name on saved_views (agency_id, user_id, lower(name));
call app.secure('saved_views', 'user_id = (select app.actor())', 'select, insert, update, delete');

-- What a supervisor asks about a check-in or a case, and the answer.
create table follow_ups (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    check_in_id uuid,
    question    text not null check (question <> '' and length(question) <= 1000),
    asked_by    uuid not null,
    asked_at    timestamptz not null,
    answer      text not null default '' check (length(answer) <= 2000),
    answered_by uuid,
    answered_at timestamptz,
    version     int not null default 1,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, check_in_id) references check_ins,
    foreign key (agency_id, asked_by) references users,
    check ((answer = '') = (answered_at is null))
);
create index follow_ups_by_case on follow_ups (agency_id, case_id, asked_at desc);
create index follow_ups_open on follow_ups (agency_id, case_id) where answered_at is null;
call app.secure('follow_ups', '', 'select, insert, update');

-- A random sample of files held against the monitoring checklist. The seed is kept, so the sample can be drawn again.
create table file_reviews (
    agency_id uuid not null references agencies,
    id        uuid not null,
    office_id uuid not null,
    seed      text not null check (seed <> ''),
    drawn     int not null,
    checklist jsonb not null,
    made_by   uuid not null,
    made_at   timestamptz not null,
    closed_at timestamptz,
    closed_by uuid,
    version   int not null default 1,
    primary key (agency_id, id),
    foreign key (agency_id, office_id) references offices,
    foreign key (agency_id, made_by) references users
);
create index file_reviews_by_office on file_reviews (agency_id, office_id, made_at desc);
call app.secure('file_reviews', '', 'select, insert, update');

create table file_review_cases (
    agency_id uuid not null references agencies,
    review_id uuid not null,
    case_id   uuid not null,
    position  int not null,
    primary key (agency_id, review_id, case_id),
    foreign key (agency_id, review_id) references file_reviews,
    foreign key (agency_id, case_id) references cases
);
call app.secure('file_review_cases', '', 'select, insert');

create table file_findings (
    agency_id    uuid not null references agencies,
    review_id    uuid not null,
    case_id      uuid not null,
    item         text not null,
    result       text not null check (result in ('met', 'not_met', 'not_applicable')),
    note         text not null default '' check (length(note) <= 1000),
    found_by     uuid not null,
    found_at     timestamptz not null,
    correction   text not null default '' check (length(correction) <= 1000),
    corrected_by uuid,
    corrected_at timestamptz,
    version      int not null default 1,
    primary key (agency_id, review_id, case_id, item),
    foreign key (agency_id, review_id, case_id) references file_review_cases,
    check (result <> 'not_met' or note <> ''),
    check ((correction = '') = (corrected_at is null))
);
create index file_findings_open on file_findings (agency_id, case_id) where result = 'not_met' and corrected_at is null;
call app.secure('file_findings', '', 'select, insert, update');

-- The only door to the equal-opportunity answers: counts by pathway and group, the small ones hidden here and
-- not in the program. A group below ten is hidden, and with it the next smallest where the hidden ones alone would
-- still tell who is in them by subtraction.
-- +goose StatementBegin
create function app.fair_shares()
    returns table (dimension text, grp text, pathway text, recommended int, chosen int, completed int)
    language sql stable security definer set search_path = public, pg_temp as $$
    with people as (
        select distinct on (a.participant_id) a.participant_id, a.sex, a.ethnicity, a.race, a.disability
        from equity.answers a where a.agency_id = app.agency() and app.role() in ('supervisor', 'administrator')
        order by a.participant_id, a.recorded_at desc, a.id desc
    ), groups as (
        select participant_id, 'sex' as dimension, sex as grp from people
        union all select participant_id, 'ethnicity', ethnicity from people
        union all select participant_id, 'disability', disability from people
        union all select participant_id, 'race', unnest(race) from people
    ), facts as (
        select c.participant_id, 'recommended' as fact, (select o ->> 'pathway' from jsonb_array_elements(s.options) o order by cast(o ->> 'rank' as int) limit 1) as pathway
        from cases c cross join lateral (select options from snapshots n where n.agency_id = c.agency_id and n.case_id = c.id order by n.recorded_at desc, n.id desc limit 1) s
        where c.agency_id = app.agency()
        union all
        select c.participant_id, 'chosen', c.pathway_code from cases c where c.agency_id = app.agency() and c.pathway_code <> ''
        union all
        select c.participant_id, 'completed', c.pathway_code from cases c where c.agency_id = app.agency() and c.pathway_code <> ''
            and exists (select from outcomes o where o.agency_id = c.agency_id and o.case_id = c.id and o.kind in ('job', 'credential')
                and not exists (select from outcomes n where n.agency_id = o.agency_id and n.supersedes = o.id))
    ), counted as (
        select g.dimension, g.grp, f.pathway, f.fact, count(distinct f.participant_id) as n
        from groups g join facts f on f.participant_id = g.participant_id where f.pathway is not null group by 1, 2, 3, 4
    ), marked as (
        select k.dimension, k.grp, k.pathway, k.fact, k.n, k.n < 10 as small,
            count(*) filter (where k.n < 10) over cell as small_ones, coalesce(sum(k.n) filter (where k.n < 10) over cell, 0) as in_small,
            row_number() over (partition by k.dimension, k.pathway, k.fact, k.n < 10 order by k.n, k.grp) as nth
        from counted k window cell as (partition by k.dimension, k.pathway, k.fact)
    ), shown as (
        select dimension, grp, pathway, fact,
            case when small or (not small and nth = 1 and small_ones > 0 and (small_ones = 1 or in_small < 10)) then null else n end as n
        from marked
    )
    select dimension, grp, pathway, cast(max(n) filter (where fact = 'recommended') as int), cast(max(n) filter (where fact = 'chosen') as int),
        cast(max(n) filter (where fact = 'completed') as int)
    from shown group by 1, 2, 3 order by 1, 3, 2 $$;
-- +goose StatementEnd
revoke execute on function app.fair_shares() from public;
grant execute on function app.fair_shares() to waymark_app;

-- +goose Down
drop function app.fair_shares();
drop table file_findings, file_review_cases, file_reviews, follow_ups;
drop table saved_views;
drop index assignments_by_case;
drop table transfer_cases, transfers, messages;
drop trigger stayed on cases;
drop function app.stayed();
drop table step_stays;
drop index cases_by_team;
