-- The six steps. Facts are appended and superseded; nothing is overwritten.
-- +goose Up

-- Step 1: intake. Each save of a section is a new row; the newest is what holds.
create table intake_sections (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    section     text not null check (section in ('about', 'contact', 'education', 'work', 'computer', 'supports', 'money')),
    version     int not null check (version > 0),
    answers     jsonb not null,
    complete    boolean not null,
    source      text not null default 'staff' check (source in ('staff', 'participant', 'referral', 'earlier_case', 'import')),
    recorded_by uuid not null,
    recorded_on date not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    unique (agency_id, case_id, section, version),
    foreign key (agency_id, case_id) references cases
);
call app.secure('intake_sections', 'exists (select from cases c where c.agency_id = intake_sections.agency_id and c.id = case_id)', 'select, insert');
call app.keep('intake_sections');

create table eligibility_decisions (
    agency_id       uuid not null references agencies,
    id              uuid not null,
    case_id         uuid not null,
    program         text not null check (program in ('adult', 'dislocated_worker', 'youth', 'wagner_peyser')),
    decision        text not null check (decision in ('eligible', 'ineligible', 'pending_docs')),
    basis           text[] not null default '{}',
    missing         text[] not null default '{}',
    priority_group  int check (priority_group between 1 and 4),
    facts           jsonb not null,
    result          jsonb not null,
    decided_on      date not null,
    decided_by      uuid not null,
    expires_on      date,
    recorded_at     timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create index eligibility_by_case on eligibility_decisions (agency_id, case_id, program, recorded_at desc, id desc);
call app.secure('eligibility_decisions', 'exists (select from cases c where c.agency_id = eligibility_decisions.agency_id and c.id = case_id)', 'select, insert');
call app.keep('eligibility_decisions');

create table assessments (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    instrument  text not null,
    subject     text not null default '',
    form        text not null default '',
    taken_on    date not null,
    proctored   boolean not null default false,
    score       numeric(8,2),
    efl         int,
    scale       text not null default '',
    answers     jsonb,
    result      jsonb not null default '{}',
    -- A correction names the row it stands for, and why. Waivers name the domain instead of a score.
    waived      boolean not null default false,
    reason      text not null default '',
    supersedes  uuid,
    recorded_by uuid not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, supersedes) references assessments,
    check (supersedes is null or reason <> '')
);
create index assessments_by_case on assessments (agency_id, case_id, taken_on desc, id desc);
create unique index assessments_superseded on assessments (agency_id, supersedes) where supersedes is not null;
call app.secure('assessments', 'exists (select from cases c where c.agency_id = assessments.agency_id and c.id = case_id)', 'select, insert');
call app.keep('assessments');

create table support_screens (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    version     int not null,
    screened_on date not null,
    needs       jsonb not null,
    recorded_by uuid not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    unique (agency_id, case_id, version),
    foreign key (agency_id, case_id) references cases
);
call app.secure('support_screens', 'exists (select from cases c where c.agency_id = support_screens.agency_id and c.id = case_id)', 'select, insert');
call app.keep('support_screens');

-- Step 2: one ranking, as computed, with everything it was computed from.
create table snapshots (
    agency_id         uuid not null references agencies,
    id                uuid not null,
    case_id           uuid not null,
    rule              text not null,
    data_version      text not null,
    catalogue_version text not null,
    inputs            jsonb not null,
    options           jsonb not null,
    computed_on       date not null,
    computed_by       uuid not null,
    recorded_at       timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create index snapshots_by_case on snapshots (agency_id, case_id, recorded_at desc, id desc);
call app.secure('snapshots', 'exists (select from cases c where c.agency_id = snapshots.agency_id and c.id = case_id)', 'select, insert');
call app.keep('snapshots');

create table snapshot_reviews (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    snapshot_id uuid not null,
    case_id     uuid not null,
    reviewed_on date not null,
    method      text not null,
    comment     text not null default '',
    reviewed_by uuid not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, snapshot_id) references snapshots
);
create index snapshot_reviews_by_case on snapshot_reviews (agency_id, case_id, reviewed_on desc, id desc);
call app.secure('snapshot_reviews', 'exists (select from cases c where c.agency_id = snapshot_reviews.agency_id and c.id = case_id)', 'select, insert');
call app.keep('snapshot_reviews');

-- Step 3.
create table selections (
    agency_id       uuid not null references agencies,
    id              uuid not null,
    case_id         uuid not null,
    snapshot_id     uuid,
    in_snapshot     boolean not null,
    pathway_code    text not null,
    pathway_version int not null,
    area_code       text not null,
    entry_step      int not null check (entry_step between 1 and 8),
    target_step     int not null check (target_step between 1 and 8),
    alternate       text not null default '',
    reason          text not null default '',
    override_reason text not null default '',
    informed        jsonb not null,
    chosen_on       date not null,
    recorded_by     uuid not null,
    recorded_at     timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, snapshot_id) references snapshots,
    check (target_step >= entry_step),
    check (in_snapshot or override_reason <> '')
);
create index selections_by_case on selections (agency_id, case_id, recorded_at desc, id desc);
call app.secure('selections', 'exists (select from cases c where c.agency_id = selections.agency_id and c.id = case_id)', 'select, insert');
call app.keep('selections');

-- Step 4. The row is the goal as it stands; goal_history has each earlier state.
create table goals (
    agency_id    uuid not null references agencies,
    id           uuid not null,
    case_id      uuid not null,
    horizon      text not null check (horizon in ('immediate', 'mid', 'long')),
    title        text not null check (title <> ''),
    target_kind  text not null check (target_kind in ('occupation', 'credential', 'education')),
    target_code  text not null,
    measure      text not null,
    unit         text not null default '',
    target_value text not null default '',
    pay_cents    bigint check (pay_cents >= 0),
    pay_max_cents bigint check (pay_max_cents >= pay_cents),
    pay_per      text not null default '' check (pay_per in ('', 'hour', 'year')),
    employer     text not null default '',
    target_on    date not null,
    baseline     text not null default '',
    rationale    text not null default '',
    fits         text not null default '',
    owner        text not null default 'participant' check (owner in ('participant', 'case_manager', 'both')),
    income_bridge boolean not null default false,
    smart        boolean not null default false,
    agreed_on    date not null,
    status       text not null default 'proposed' check (status in ('proposed', 'agreed', 'in_progress', 'met', 'not_met', 'revised', 'dropped')),
    met_on       date,
    version      int not null default 1,
    recorded_by  uuid not null,
    created_at   timestamptz not null default clock_timestamp(),
    updated_at   timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases
);
create index goals_by_case on goals (agency_id, case_id, target_on);
call app.secure('goals', 'exists (select from cases c where c.agency_id = goals.agency_id and c.id = case_id)', 'select, insert, update');
create table goal_history (
    agency_id uuid not null references agencies,
    goal_id   uuid not null,
    version   int not null,
    was       jsonb not null,
    changed_by uuid not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, goal_id, version),
    foreign key (agency_id, goal_id) references goals
);
call app.secure('goal_history', 'exists (select from goals g where g.agency_id = goal_history.agency_id and g.id = goal_id)', 'select, insert');
call app.keep('goal_history');

-- Step 5. One row per version; while it is a draft its parts may change, afterwards never.
create table plan_versions (
    agency_id       uuid not null references agencies,
    id              uuid not null,
    case_id         uuid not null,
    number          int not null check (number > 0),
    kind            text not null check (kind in ('iep', 'iss')),
    state           text not null check (state in ('draft', 'submitted', 'returned', 'in_force', 'superseded', 'withdrawn')),
    start_on        date not null,
    end_on          date not null,
    pathway_code    text not null,
    pathway_version int not null,
    area_code       text not null,
    entry_step      int not null,
    target_step     int not null,
    rhythm_days     int not null default 14 check (rhythm_days between 1 and 120),
    participant_does text[] not null default '{}',
    agency_does     text[] not null default '{}',
    if_i_stop       text not null default '',
    approval_needed boolean not null default false,
    change_reason   text not null default '',
    author_id       uuid not null,
    -- What is signed: the printed document exactly as shown, and its SHA-256. Set when the draft is frozen.
    document        text,
    document_lang   text not null default 'en',
    sha256          bytea,
    frozen_at       timestamptz,
    in_force_on     date,
    version         int not null default 1,
    created_at      timestamptz not null default clock_timestamp(),
    updated_at      timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    check (end_on >= start_on)
);
create unique index plan_versions_by_number on plan_versions (agency_id, case_id, number);
create unique index plan_versions_one_in_force on plan_versions (agency_id, case_id) where state = 'in_force';
create unique index plan_versions_one_open on plan_versions (agency_id, case_id) where state in ('draft', 'submitted', 'returned');
create index plan_versions_by_print on plan_versions (sha256) where sha256 is not null;
create index plan_versions_waiting on plan_versions (agency_id, frozen_at) where state = 'submitted';
call app.secure('plan_versions', 'exists (select from cases c where c.agency_id = plan_versions.agency_id and c.id = case_id)', 'select, insert, update');

create table milestones (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    case_id        uuid not null,
    plan_id        uuid not null,
    -- Stays the same from version to version, so progress follows the milestone.
    key            text not null,
    position       int not null,
    kind           text not null check (kind in ('assessment', 'enroll', 'midterm', 'term_end', 'exam', 'credential', 'placement', 'review', 'training', 'custom')),
    title          text not null check (title <> ''),
    title_es       text not null default '',
    place          text not null default '',
    goal_id        uuid,
    starts_on      date,
    due_on         date not null,
    tolerance_days int not null default 0 check (tolerance_days between 0 and 60),
    evidence       text not null default '',
    depends_on     text[] not null default '{}',
    weeks          int,
    sessions       int,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, plan_id) references plan_versions,
    foreign key (agency_id, goal_id) references goals,
    check (starts_on <= due_on)
);
create unique index milestones_by_key on milestones (agency_id, plan_id, key);
create index milestones_by_case on milestones (agency_id, case_id);
call app.secure('milestones', 'exists (select from cases c where c.agency_id = milestones.agency_id and c.id = case_id)', 'select, insert, update, delete');

-- Services, supports and what they cost, each with who pays.
create table plan_lines (
    agency_id     uuid not null references agencies,
    id            uuid not null,
    case_id       uuid not null,
    plan_id       uuid not null,
    kind          text not null check (kind in ('service', 'training', 'support')),
    need          text not null default '',
    what          text not null check (what <> ''),
    what_es       text not null default '',
    provider      text not null default '',
    service_code  text not null default '',
    starts_on     date,
    ends_on       date,
    cost_cents    bigint not null default 0 check (cost_cents >= 0),
    funding       text not null default '',
    milestone_key text not null default '',
    state         text not null default 'planned' check (state in ('planned', 'not_needed', 'paid')),
    paid_on       date,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, plan_id) references plan_versions,
    check (cost_cents = 0 or funding <> ''),
    check (ends_on >= starts_on)
);
create index plan_lines_by_plan on plan_lines (agency_id, plan_id);
call app.secure('plan_lines', 'exists (select from cases c where c.agency_id = plan_lines.agency_id and c.id = case_id)', 'select, insert, update, delete');

create table signatures (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    plan_id     uuid not null,
    role        text not null check (role in ('participant', 'guardian', 'case_manager', 'supervisor')),
    signer_id   uuid,
    name        text not null check (name <> ''),
    method      text not null check (method in ('online', 'in_person', 'paper', 'approval')),
    signed_on   date not null,
    signed_at   timestamptz not null,
    sha256      bytea not null,
    ip          text not null default '',
    witness_id  uuid,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, plan_id) references plan_versions
);
-- One mark of each role on one document: after a plan was returned and changed, everybody signs anew.
create unique index signatures_once on signatures (agency_id, plan_id, role, sha256);
call app.secure('signatures', 'exists (select from cases c where c.agency_id = signatures.agency_id and c.id = case_id)', 'select, insert');
call app.keep('signatures');

create table plan_decisions (
    agency_id  uuid not null references agencies,
    id         uuid not null,
    case_id    uuid not null,
    plan_id    uuid not null,
    decision   text not null check (decision in ('approved', 'returned')),
    comment    text not null default '',
    sha256     bytea not null,
    author_id  uuid not null,
    decided_by uuid not null,
    decided_on date not null,
    decided_at timestamptz not null,
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, plan_id) references plan_versions,
    check (decided_by <> author_id),
    check (decision = 'approved' or comment <> '')
);
create index plan_decisions_by_plan on plan_decisions (agency_id, plan_id, decided_at desc);
call app.secure('plan_decisions', 'exists (select from cases c where c.agency_id = plan_decisions.agency_id and c.id = case_id)', 'select, insert');
call app.keep('plan_decisions');

-- Documents that somebody signed and that were then returned and changed: what was signed is kept.
create table plan_documents (
    agency_id uuid not null references agencies,
    case_id   uuid not null,
    plan_id   uuid not null,
    sha256    bytea not null,
    lang      text not null,
    document  text not null,
    frozen_at timestamptz not null,
    primary key (agency_id, plan_id, sha256),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, plan_id) references plan_versions
);
call app.secure('plan_documents', 'exists (select from cases c where c.agency_id = plan_documents.agency_id and c.id = case_id)', 'select, insert');
call app.keep('plan_documents');

-- verify_plan checks a printed copy for somebody who is not signed in: the state of the plan when number,
-- version and fingerprint hold and the document kept still has that fingerprint, else ''.
create function app.verify_plan(person text, plan_number int, print text) returns text
    language sql stable security definer set search_path = public, pg_temp as $$
    select coalesce((select v.state from plan_versions v
        join cases c on c.agency_id = v.agency_id and c.id = v.case_id
        join participants p on p.agency_id = c.agency_id and p.id = c.participant_id
        where p.number = person and v.number = plan_number and encode(v.sha256, 'hex') like print || '%'
            and v.sha256 = sha256(convert_to(v.document, 'UTF8')) limit 1), '') $$;
revoke execute on function app.verify_plan(text, int, text) from public;
grant execute on function app.verify_plan(text, int, text) to waymark_app;

-- Beside the signed version, which stays in force: dates moved by up to 30 days, progress.
create table adjustments (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    plan_id     uuid not null,
    kind        text not null check (kind in ('goal', 'pathway', 'training', 'timeline', 'supports', 'pause')),
    reason      text not null check (reason <> ''),
    detail      jsonb not null,
    agreed_by   text not null default 'both',
    made_on     date not null,
    made_by     uuid not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, plan_id) references plan_versions
);
create index adjustments_by_case on adjustments (agency_id, case_id, recorded_at desc);
call app.secure('adjustments', 'exists (select from cases c where c.agency_id = adjustments.agency_id and c.id = case_id)', 'select, insert');
call app.keep('adjustments');

-- Where a milestone stands now: progress and moved dates, folded from check-ins and adjustments.
create table milestone_states (
    agency_id  uuid not null references agencies,
    case_id    uuid not null,
    key        text not null,
    status     text not null default 'not_started' check (status in ('not_started', 'in_progress', 'behind', 'done', 'dropped')),
    done_on    date,
    percent    int check (percent between 0 and 100),
    attended   int,
    starts_on  date,
    due_on     date,
    note       text not null default '',
    version    int not null default 1,
    updated_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, case_id, key),
    foreign key (agency_id, case_id) references cases
);
call app.secure('milestone_states', 'exists (select from cases c where c.agency_id = milestone_states.agency_id and c.id = case_id)', 'select, insert, update');

-- Step 6.
create table services (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    code        text not null,
    given_on    date not null,
    ends_on     date,
    planned     boolean not null default false,
    ongoing     boolean not null default false,
    provider    text not null default '',
    note        text not null default '',
    supersedes  uuid,
    cancels     uuid,
    reason      text not null default '',
    recorded_on date not null,
    recorded_by uuid not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, supersedes) references services,
    foreign key (agency_id, cancels) references services,
    check ((supersedes is null and cancels is null) or reason <> ''),
    check (ends_on >= given_on)
);
create index services_by_case on services (agency_id, case_id, given_on desc, id desc);
create unique index services_superseded on services (agency_id, supersedes) where supersedes is not null;
create unique index services_cancelled on services (agency_id, cancels) where cancels is not null;
call app.secure('services', 'exists (select from cases c where c.agency_id = services.agency_id and c.id = case_id)', 'select, insert');
call app.keep('services');

create table check_ins (
    agency_id      uuid not null references agencies,
    id             uuid not null,
    case_id        uuid not null,
    held_on        date not null,
    method         text not null check (method in ('phone', 'in_person', 'text', 'video', 'email')),
    result         text not null check (result in ('talked', 'left_message', 'no_answer', 'did_not_come')),
    note           text not null default '',
    visibility     text not null default 'staff' check (visibility in ('shared', 'staff', 'restricted')),
    next_on        date,
    next_at        time,
    service_id     uuid,
    appointment_id uuid,
    supersedes     uuid,
    -- Undone: the row stands for the one it names and counts for nothing.
    withdrawn      boolean not null default false,
    reason         text not null default '',
    recorded_by    uuid not null,
    recorded_at    timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, service_id) references services,
    foreign key (agency_id, appointment_id) references appointments,
    foreign key (agency_id, supersedes) references check_ins,
    check (supersedes is null or reason <> ''),
    check (supersedes is not null or not withdrawn),
    check (next_on > held_on)
);
create index check_ins_by_case on check_ins (agency_id, case_id, held_on desc, id desc);
create unique index check_ins_superseded on check_ins (agency_id, supersedes) where supersedes is not null;
call app.secure('check_ins', 'visibility = ''shared'' and exists (select from cases c where c.agency_id = check_ins.agency_id and c.id = case_id)', 'select, insert');
call app.keep('check_ins');

create table milestone_progress (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    check_in_id uuid,
    key         text not null,
    status      text not null check (status in ('not_started', 'in_progress', 'behind', 'done', 'dropped')),
    done_on     date,
    percent     int check (percent between 0 and 100),
    attended    int,
    note        text not null default '',
    on_date     date not null,
    recorded_by uuid not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, check_in_id) references check_ins
);
create index milestone_progress_by_case on milestone_progress (agency_id, case_id, key, on_date desc, id desc);
call app.secure('milestone_progress', 'exists (select from cases c where c.agency_id = milestone_progress.agency_id and c.id = case_id)', 'select, insert');
call app.keep('milestone_progress');

-- Leaving, pausing and coming back, and what was found out afterwards.
create table departures (
    agency_id     uuid not null references agencies,
    id            uuid not null,
    case_id       uuid not null,
    kind          text not null check (kind in ('pause', 'exit', 'return')),
    reason        text not null,
    exclusion     text not null default '00' check (exclusion in ('00', '01', '02', '03', '04', '05', '06', '07')),
    evidence      text not null default '',
    stopped_at_step int,
    resume_step   int check (resume_step between 1 and 6),
    instructions_given_on date,
    note          text not null default '',
    on_date       date not null,
    recorded_by   uuid not null,
    recorded_at   timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    check (exclusion = '00' or evidence <> '')
);
create index departures_by_case on departures (agency_id, case_id, recorded_at desc);
call app.secure('departures', 'exists (select from cases c where c.agency_id = departures.agency_id and c.id = case_id)', 'select, insert');
call app.keep('departures');

create table outcomes (
    agency_id   uuid not null references agencies,
    id          uuid not null,
    case_id     uuid not null,
    kind        text not null check (kind in ('job', 'credential', 'skill_gain')),
    on_date     date not null,
    detail      jsonb not null,
    supersedes  uuid,
    reason      text not null default '',
    recorded_by uuid not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (agency_id, id),
    foreign key (agency_id, case_id) references cases,
    foreign key (agency_id, supersedes) references outcomes,
    check (supersedes is null or reason <> '')
);
create index outcomes_by_case on outcomes (agency_id, case_id, on_date desc);
call app.secure('outcomes', 'exists (select from cases c where c.agency_id = outcomes.agency_id and c.id = case_id)', 'select, insert');
call app.keep('outcomes');

-- +goose Down
drop function app.verify_plan(text, int, text);
drop table outcomes, departures, milestone_progress, check_ins, services, milestone_states, adjustments, plan_documents, plan_decisions,
    signatures, plan_lines, milestones, plan_versions, goal_history, goals, selections, snapshot_reviews, snapshots,
    support_screens, assessments, eligibility_decisions, intake_sections;
