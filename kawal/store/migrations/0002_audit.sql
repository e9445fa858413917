-- What an auditor can trust: the log that seals the record, histories kept, keys and passes, erasure, quality review.

-- The archive of histories: numbered and chained, bodies prunable --------------------------------------------------------

drop trigger no_change on history_archive;
alter table history_archive alter column body drop not null;
alter table history_archive add column n bigint not null check (n >= 1);
alter table history_archive add column pruned_at timestamptz;
alter table history_archive add column pruned_by text check (pruned_by <> '');
alter table history_archive add constraint history_archive_order unique (n);
alter table history_archive add constraint history_archive_is_there_or_pruned check (
    (body is null) = (pruned_at is not null) and (pruned_at is null) = (pruned_by is null));

create function guard_archive_chain() returns trigger language plpgsql as $$
declare
    predecessor bytea := decode(repeat('00', 32), 'hex');
begin
    if new.n > 1 then
        select hash into predecessor from history_archive where n = new.n - 1;
    end if;
    if predecessor is distinct from new.prev_hash::bytea then
        raise exception 'archived history % does not follow its predecessor', new.n using errcode = 'KW001';
    end if;
    return null;
end $$;
create function guard_archived() returns trigger language plpgsql as $$
begin
    if old.pruned_at is not null or new.pruned_at is null or row(
        new.workflow_id, new.run_id, new.close_status, new.started_at, new.closed_at, new.events, new.compression,
        new.body_hash, new.prev_hash, new.hash, new.archived_at, new.n
    ) is distinct from row(
        old.workflow_id, old.run_id, old.close_status, old.started_at, old.closed_at, old.events, old.compression,
        old.body_hash, old.prev_hash, old.hash, old.archived_at, old.n
    ) then
        raise exception 'archived history %: only its body may be pruned, once', old.n
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger chained after insert on history_archive for each row execute function guard_archive_chain();
create trigger guard before update on history_archive for each row execute function guard_archived();
create trigger no_change before delete or truncate on history_archive
    for each statement execute function refuse_change();
alter table history_archive enable always trigger chained;
alter table history_archive enable always trigger guard;
alter table history_archive enable always trigger no_change;

-- The archiver's rounds, and the closed runs it knows of and has not archived yet; `gone_at`: the engine had deleted it.
create table archive_round (
    id bigint generated always as identity primary key,
    began_at timestamptz not null default now(),
    ended_at timestamptz,
    whole boolean not null, -- went through all that the engine still lists, not only what closed lately
    found integer not null default 0 check (found >= 0),
    archived integer not null default 0 check (archived >= 0),
    waiting integer not null default 0 check (waiting >= 0)
);
create table archive_due (
    workflow_id text not null,
    run_id text not null,
    closed_at timestamptz, -- null: not listed, known from the run after it alone
    found_at timestamptz not null default now(),
    retention interval not null, -- the engine's own when it was found
    attempts integer not null default 0 check (attempts >= 0),
    last_error text check (last_error ~ '^[a-z_]+$'),
    gone_at timestamptz,
    primary key (workflow_id, run_id)
);

-- Quality of follow-ups, and what else an agency is assessed by -------------------------------------------------------

-- A sample of final follow-ups drawn by lot (kawal/domain/quality.py): all that anyone needs to draw it again.
create table quality_draw (
    id bigint generated always as identity primary key,
    instansi code_word not null references instansi,
    opd code_word, -- null: every OPD's; else as the follow-ups name it
    from_day date not null,
    to_day date not null, -- local days on which they were given, both inclusive
    seed text not null check (seed ~ '^[!-~]{1,200}$'),
    seed_source text not null check (seed_source ~ '^(given|head:[0-9]+)$'),
    size integer not null check (size between 1 and 1000),
    candidates integer not null check (candidates >= 1),
    population_digest sha256 not null,
    last_position bigint not null, -- of the newest event that was looked at
    drawn_at timestamptz not null,
    drawn_by_role role_word not null,
    drawn_by text not null check (drawn_by <> ''),
    constraint quality_draw_runs_forward check (to_day >= from_day)
);
-- Nobody draws the same follow-ups again until the sample suits.
create unique index quality_draw_once on quality_draw (instansi, coalesce(opd::text, ''), from_day, to_day);

create table quality_item (
    draw bigint not null references quality_draw,
    place integer not null check (place >= 1),
    tracking_id tracking_no not null references complaint,
    workflow_id text generated always as ('complaint-' || tracking_id::text) stored,
    seq integer not null,
    opd code_word not null, -- who gave it: an OPD, the agency itself, or INSPEKTORAT
    primary key (draw, place),
    unique (draw, tracking_id, seq),
    foreign key (workflow_id, seq) references event (workflow_id, seq)
);
create index quality_item_of_complaint on quality_item (tracking_id);

create table quality_review (
    id bigint generated always as identity primary key,
    draw bigint not null,
    place integer not null,
    reviewer_role role_word not null check (reviewer_role in ('agency_admin', 'inspectorate')),
    reviewer text not null check (reviewer <> ''),
    revision integer not null check (revision >= 1), -- a correction is the next one; the last counts
    verdict text not null check (verdict in ('answers', 'partly', 'does_not')),
    ciphertext bytea not null, -- grounds and the reviewer's name, sealed with the complaint's key
    reviewed_at timestamptz not null,
    unique (draw, place, reviewer, revision),
    foreign key (draw, place) references quality_item
);

-- The SK (decree) and the action plan (rencana aksi). Each row says the whole of its entry anew: a correction, or an
-- item's progress, is the next revision, and the last one counts. What stands here is published by the agency itself.
create table decree (
    entry bigint generated by default as identity check (entry >= 1),
    revision integer not null check (revision >= 1),
    instansi code_word not null references instansi,
    opd code_word, -- null: the agency as a whole
    number text not null check (length(number) between 1 and 100),
    decided_on date not null,
    valid_until date, -- the last day; null: until another replaces it
    document text not null check (length(document) <= 300),
    document_hash sha256,
    withdrawn boolean not null default false, -- entered in error
    added_at timestamptz not null,
    added_by_role role_word not null,
    added_by text not null check (added_by <> ''),
    primary key (entry, revision),
    foreign key (instansi, opd) references opd (instansi, code),
    constraint decree_runs_forward check (valid_until >= decided_on)
);
create table action_plan (
    entry bigint generated by default as identity check (entry >= 1),
    revision integer not null check (revision >= 1),
    instansi code_word not null references instansi,
    opd code_word,
    year integer not null check (year between 2000 and 2100),
    submitted_on date not null,
    document text not null check (length(document) <= 300),
    document_hash sha256,
    withdrawn boolean not null default false,
    added_at timestamptz not null,
    added_by_role role_word not null,
    added_by text not null check (added_by <> ''),
    primary key (entry, revision),
    foreign key (instansi, opd) references opd (instansi, code)
);
create table action_item (
    plan bigint not null,
    place integer not null check (place >= 1),
    revision integer not null check (revision >= 1),
    first_revision integer generated always as (1) stored, -- of the plan, which has it surely
    title text not null check (length(title) between 1 and 200),
    state text not null check (state in ('not_begun', 'under_way', 'done')),
    on_day date not null, -- since when it stands so
    added_at timestamptz not null,
    added_by_role role_word not null,
    added_by text not null check (added_by <> ''),
    primary key (plan, place, revision),
    foreign key (plan, first_revision) references action_plan (entry, revision)
);

create trigger no_change before update or delete or truncate on quality_draw
    for each statement execute function refuse_change();
create trigger no_change before update or delete or truncate on quality_item
    for each statement execute function refuse_change();
create trigger no_change before update or delete or truncate on quality_review
    for each statement execute function refuse_change();
create trigger no_change before update or delete or truncate on decree
    for each statement execute function refuse_change();
create trigger no_change before update or delete or truncate on action_plan
    for each statement execute function refuse_change();
create trigger no_change before update or delete or truncate on action_item
    for each statement execute function refuse_change();

alter table access_log drop constraint access_log_kind_check;
alter table access_log add constraint access_log_kind_check check (kind in (
    'refused', 'read_report', 'read_identity', 'read_history', 'exported', 'decoded', 'key_destroyed', 'key_rotated',
    'erased', 'verified', 'reviewed', 'administered'));

-- A person's data: found by any of their contacts, erased on request ------------------------------------------------------

alter table inbox add column contacts_noted boolean not null default false; -- false: accepted before contacts were
create index inbox_contacts on inbox (id) where not contacts_noted;

-- Keyed hashes of the contacts that reports came with: a person's reports are found by any of them, and no contact is
-- learned from here. Gone with the report's erasure.
create table reporter_contact (
    contact_mac sha256 not null,
    tracking_id tracking_no not null references inbox (tracking_id),
    primary key (contact_mac, tracking_id)
);
create index reporter_contact_of_report on reporter_contact (tracking_id);

-- Keyed hashes of the words (stemmed) of rahasia reports, each once a report: for likenesses and search by those who may
-- read them. It shows which reports share words and how common a word is, not which word. Gone with the erasure.
create table rahasia_word (
    word_mac sha256 not null,
    tracking_id tracking_no not null references complaint,
    primary key (word_mac, tracking_id)
);
create index rahasia_word_of_report on rahasia_word (tracking_id);

-- What was erased, when, by whom and on which ground; its attachments' objects go right after the transaction.
create table erasure (
    tracking_id tracking_no primary key,
    instansi code_word, -- null: erased anew after a restore to before its start
    at timestamptz not null,
    by_role role_word not null,
    by_account text not null check (by_account <> ''),
    ground text not null check (ground ~ '^[a-z_]+$'),
    objects_removed_at timestamptz
);
create index erasure_of_agency on erasure (instansi, at);
create trigger no_change before delete or truncate on erasure
    for each statement execute function refuse_change();

create function guard_erased() returns trigger language plpgsql as $$
begin
    raise exception 'complaint % was erased: nothing follows in it', old.tracking_id using errcode = 'restrict_violation';
end $$;
create trigger erased_stays_so before update on complaint for each row
    when (old.erased_at is not null
        and (new.last_seq <> old.last_seq or new.erased_at is distinct from old.erased_at))
    execute function guard_erased();

-- The log over all chains -------------------------------------------------------------------------------------------

drop table sealed_range;
drop table tree_head;

-- Keys that sign for the installation. The first one's name is the log's; each later one is endorsed by the one before.
create table signing_key (
    key_id text primary key check (key_id ~ '^[0-9a-f]{64}$'), -- SHA-256 of the public key
    public_key bytea not null unique check (octet_length(public_key) = 32), -- Ed25519
    sealed_private bytea, -- sealed with the system key; null once retired
    created_at timestamptz not null,
    retired_at timestamptz,
    endorsed_by text references signing_key, -- null: the first
    endorsement bytea not null check (octet_length(endorsement) = 64),
    constraint signing_key_signs_or_is_retired check ((sealed_private is null) = (retired_at is not null)),
    constraint signing_key_runs_forward check (retired_at >= created_at)
);
create unique index signing_key_current on signing_key ((true)) where retired_at is null;
create unique index signing_key_successor on signing_key (coalesce(endorsed_by, ''));
create function guard_signing_key() returns trigger language plpgsql as $$
begin
    if old.retired_at is not null or row(new.key_id, new.public_key, new.created_at, new.endorsed_by, new.endorsement)
        is distinct from row(old.key_id, old.public_key, old.created_at, old.endorsed_by, old.endorsement) then
        raise exception 'signing key %: it can only be retired, or sealed anew', old.key_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger guard before update on signing_key for each row execute function guard_signing_key();
create trigger no_change before delete or truncate on signing_key for each statement execute function refuse_change();

-- One Merkle tree (RFC 9162) over all rows of the chains: its signed heads, which rows stand at which leaves, its hashes.
create table log_head (
    size bigint primary key check (size >= 1),
    root sha256 not null,
    at timestamptz not null,
    key_id text not null references signing_key,
    signature bytea not null check (octet_length(signature) = 64)
);
create table log_range (
    first_leaf bigint primary key check (first_leaf >= 0),
    leaves integer not null check (leaves >= 1),
    source text not null check (source in ('event', 'access', 'archive')),
    after_position bigint not null, -- the rows that come after this position
    last_position bigint not null, -- and up to this one, in their order, are its leaves
    head bigint not null references log_head, -- that sealed them
    constraint log_range_runs_forward check (last_position > after_position)
);
create unique index log_range_up_to on log_range (source, last_position);
-- 256 hashes a row: of leaves (level 0), of 256 hashes each of the level below (1, 2, …). The last row of a level grows.
create table log_tile (
    level smallint not null check (level between 0 and 7),
    n bigint not null check (n >= 0),
    hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
    names text, -- of leaves: chain and number, a line each; for telling which row is missing, no part of the proof
    primary key (level, n),
    constraint log_tile_of_leaves_names_them check ((level = 0) = (names is not null))
);
create function guard_tile() returns trigger language plpgsql as $$
begin
    if row(new.level, new.n) is distinct from row(old.level, old.n) or octet_length(new.hashes) <= octet_length(old.hashes)
        or substr(new.hashes, 1, octet_length(old.hashes)) <> old.hashes then
        raise exception 'tile % of level % can only grow', old.n, old.level using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger guard before update on log_tile for each row execute function guard_tile();
create trigger no_change before delete or truncate on log_tile for each statement execute function refuse_change();
create trigger no_change before update or delete or truncate on log_head
    for each statement execute function refuse_change();
create trigger no_change before update or delete or truncate on log_range
    for each statement execute function refuse_change();
-- Up to which head each way of publishing has come.
create table log_published (
    way text primary key check (way ~ '^[a-z]+$'),
    size bigint not null references log_head,
    at timestamptz not null default now()
);

-- Passes of officials ---------------------------------------------------------------------------------------------------

-- What officials show where nobody sees who types: only the hash of a random text, which is told once. It ends by itself.
create table official_pass (
    id bigint generated always as identity primary key,
    token_hash sha256 not null unique,
    account text not null references account, -- whose role, OPD and agency it gives
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz,
    constraint official_pass_ends_later check (expires_at > created_at)
);
create index official_pass_of_account on official_pass (account);

-- Searching among all complaints ----------------------------------------------------------------------------------------

create index event_of_account on event (actor_account, position) where actor_role <> 'system';
create index event_of_opd on event ((coalesce(facts ->> 'opd', actor_opd)), position)
    where coalesce(facts ->> 'opd', actor_opd) is not null;
create index event_to_opds on event using gin ((facts -> 'opds')) where facts ? 'opds';
create index event_of_kind on event (kind, position);
create index access_log_of_account on access_log (actor_account, n);
create index access_log_of_kind on access_log (kind, n);
create index access_log_at on access_log using brin (at);

-- The master key is rotated -----------------------------------------------------------------------------------------------

create index data_key_by_master on data_key (master_key_id, key_id) where wrapped_key is not null;
-- Rotations of the master key: one at a time, gone on with by whoever runs it again.
create table master_rotation (
    id bigint generated always as identity primary key,
    to_key text not null check (to_key <> ''), -- the id of the master key that wraps from then on
    began_at timestamptz not null,
    ended_at timestamptz,
    constraint master_rotation_ends_later check (ended_at >= began_at)
);
create unique index master_rotation_open on master_rotation ((ended_at is null)) where ended_at is null;
