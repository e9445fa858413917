-- The whole of Kawal's database, PostgreSQL 14 or later. A fresh database gets this file, and with it the digest of its
-- statements; a database with another digest is migrated in steps or refused (kawal/store/schema.py).
--
-- Its owner makes it, backs it up and restores it; the application connects as a role that owns nothing (the end of this file,
-- kawal/base/database_roles.py). Three rules run through it. What happened (event, access_log, side_act) can only be added to. What people wrote and who they are
-- is kept in `bytea` columns, encrypted with a data key, so that destroying the key erases it everywhere at once; the only
-- plaintext is that of reports that are not rahasia, masked, in `complaint` and `public_version`. And a state that the rules do not know cannot
-- be stored.

-- Closed lists. The values are those of kawal/domain/names.py.

create domain tracking_no as text check (value ~ '^[0-9]{7,9}$');
create domain status_word as text check (value in (
    'belum_diverifikasi', 'ditunda', 'belum_ditindaklanjuti', 'proses', 'selesai',
    'diarsipkan', 'bukan_wewenang', 'digabung'));
create domain role_word as text check (value in (
    'reporter', 'agency_admin', 'liaison', 'inspectorate', 'auditor', 'leadership', 'national', 'desk', 'adapter',
    'system'));
create domain class_word as text check (value in ('pengaduan', 'aspirasi', 'permintaan_informasi'));
create domain channel_word as text check (value in (
    'web', 'app', 'sms', 'whatsapp', 'x', 'email', 'walk_in', 'open311', 'system'));
create domain clock_word as text check (value in (
    'verify', 'forward', 'respond', 'complete', 'auto_close', 'hold', 'question', 'instruction', 'take_over',
    'aftercare'));
create domain event_word as text check (value in (
    'started', 'verified', 'held', 'replied', 'archived', 'passed_on', 'merged', 'forwarded', 'handled', 'received',
    'returned', 'withdrawn', 'asked', 'followed_up', 'extension_asked', 'extension_granted', 'extension_refused',
    'accepted', 'disputed', 'closed', 'rated', 'concealed', 'reopened', 'reclassified', 'escalated', 'instructed', 'taken_over',
    'resolved', 'nudged', 'recomputed', 'follower_attached', 'reminded', 'breached', 'rung_reached', 'pause_ended',
    'question_lapsed', 'extension_lapsed', 'instruction_ended', 'hold_expired', 'auto_closed', 'aftercare_ended',
    'refused', 'imported'));
-- What strangers may see of a report: its words (`public`), or nothing but its part in counts, and why.
create domain publicity_word as text check (value in ('public', 'rahasia', 'unverified', 'pengawasan'));
-- A province, kabupaten or kota, kecamatan, or desa or kelurahan: 21, 21.71, 21.71.03, 21.71.03.1001.
create domain area_code as text check (value ~ '^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$');
create domain sha256 as bytea check (octet_length(value) = 32);
create domain code_word as text check (value ~ '^[A-Z0-9][A-Z0-9_.-]{0,39}$');

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% can only be added to; % is refused', tg_table_name, tg_op using errcode = 'restrict_violation';
end $$;

-- Of a chain whose rows are numbered from 1: each bears the hash of the one before.
create function guard_numbered_chain() returns trigger language plpgsql as $$
declare
    predecessor bytea := decode(repeat('00', 32), 'hex');
begin
    if new.n > 1 then
        execute format('select hash from %I where n = $1', tg_table_name) into predecessor using new.n - 1;
    end if;
    if predecessor is distinct from new.prev_hash::bytea then
        raise exception 'row % of % does not follow its predecessor', new.n, tg_table_name using errcode = 'KW001';
    end if;
    return null;
end $$;

create table schema_made (
    singleton boolean primary key default true check (singleton),
    digest text not null check (digest ~ '^[0-9a-f]{64}$'),
    made_at timestamptz not null default now()
);

-- Agencies, their OPDs and people ------------------------------------------------------------------------------------

create table instansi (
    code code_word primary key,
    name text not null check (name <> ''),
    kind text not null default 'provinsi' check (kind in ('provinsi', 'kabupaten', 'kota')),
    area text check (area ~ '^[0-9]{2}(\.[0-9]{2})?$'), -- code of its province, or of its kabupaten or kota
    active boolean not null default true,
    example boolean not null default false, -- shipped, and not yet made an agency's own
    set_up_at timestamptz default now(), -- when its first set-up was finished; null: pages say that it is not
    created_at timestamptz not null default now()
);

-- Steps of an agency's first set-up that are over: done, left for later, or not needed. The state of the agency's data is elsewhere.
create table setup_step (
    instansi code_word not null references instansi,
    step text not null check (step in ('agency', 'opds', 'categories', 'people', 'trial')),
    word text not null check (word in ('done', 'later', 'not_needed')),
    settled_at timestamptz not null default now(),
    primary key (instansi, step)
);

create table opd (
    instansi code_word not null references instansi,
    code code_word not null,
    name text not null check (name <> ''),
    active boolean not null default true,
    primary key (instansi, code)
);

create table account (
    id text primary key check (id ~ '^[a-z0-9]{8,64}$'), -- 16 digits of the person, 16 of agency, role and OPD; keyed hashes
    instansi code_word references instansi,
    role role_word not null check (role not in ('reporter', 'system')),
    opd code_word,
    name bytea not null, -- encrypted with the system key
    active boolean not null default true,
    created_at timestamptz not null default now(),
    last_seen_at timestamptz,
    foreign key (instansi, opd) references opd (instansi, code),
    constraint account_has_an_agency check (instansi is not null or role in ('national', 'auditor')),
    constraint account_of_a_liaison_has_an_opd check ((role = 'liaison') = (opd is not null))
);
create index account_by_role on account (instansi, role);

-- The national category tree keeps its spelling; each agency maps its parts to the OPDs responsible for them.
create table category (
    name text primary key check (name <> ''), -- "MAIN" or "MAIN / SUB"
    main text not null,
    sub text,
    active boolean not null default true,
    constraint category_name_is_its_path check (name = main || coalesce(' / ' || sub, '')),
    constraint category_main_is_one_level check (position(' / ' in main) = 0) -- recap_count splits names there
);

create table category_opd (
    instansi code_word not null,
    category text not null references category,
    opd code_word, -- the OPD responsible for it,
    outside text check (outside <> ''), -- or the agency elsewhere that has the authority
    primary key (instansi, category),
    foreign key (instansi) references instansi,
    foreign key (instansi, opd) references opd (instansi, code),
    constraint category_opd_is_one_place check ((opd is null) <> (outside is null))
);

-- Where an office receives its notices: an address of the office, not of a person.
create table office_address (
    instansi code_word not null references instansi,
    office text not null check (office in ('agency_admin', 'inspectorate', 'sekda', 'gubernur', 'liaison')),
    opd code_word,
    email text not null check (email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    foreign key (instansi, opd) references opd (instansi, code),
    constraint office_address_of_a_liaison_has_an_opd check ((office = 'liaison') = (opd is not null))
);
create unique index office_address_once on office_address (instansi, office, coalesce(opd::text, ''));

-- Calendars and policies: dated, versioned, never changed in place -----------------------------------------------------

create table calendar_version (
    version text primary key check (version ~ '^[^+[:space:]]+$'), -- `+` joins the national and an agency's version
    instansi code_word references instansi, -- null: the national calendar; else what the agency adds to it
    position bigint generated always as identity unique, -- the newest has the highest
    source text not null default '',
    imported_at timestamptz not null default now()
);
create index calendar_newest on calendar_version (instansi, position desc);

create table calendar_day (
    version text not null references calendar_version,
    day date not null,
    kind text not null check (kind in ('libur_nasional', 'cuti_bersama', 'libur_daerah')),
    name text not null check (name <> ''),
    primary key (version, day)
);

create table policy_version (
    version text primary key check (version <> ''),
    instansi code_word references instansi, -- null: the national policy; else the agency's own
    effective_from date not null,
    revision integer not null check (revision >= 1), -- a correction is a higher revision for the same day
    body jsonb not null check (jsonb_typeof(body) = 'object'),
    imported_at timestamptz not null default now()
);
create unique index policy_revision on policy_version (coalesce(instansi::text, ''), effective_from, revision);

create trigger no_change before update or delete or truncate on calendar_version
    for each statement execute function refuse_change();
create trigger no_change before update or delete or truncate on calendar_day
    for each statement execute function refuse_change();
create trigger no_change before update or delete or truncate on policy_version
    for each statement execute function refuse_change();

-- Keys ---------------------------------------------------------------------------------------------------------------

create table data_key (
    data_key_id uuid primary key,
    owner text not null check (owner in ('system', 'lookup') or owner ~ '^complaint-[0-9]{7,9}$'),
    wrapped_key bytea, -- null once destroyed
    master_key_id text not null check (master_key_id <> ''),
    created_at timestamptz not null default now(),
    rotated_at timestamptz, -- when it was last rewrapped with another master key
    retired_at timestamptz, -- decrypts what it encrypted, encrypts nothing new
    destroyed_at timestamptz,
    destroyed_by text,
    destroy_ground text,
    constraint data_key_is_there_or_destroyed check ((wrapped_key is null) = (destroyed_at is not null)),
    constraint data_key_destroyed_by_someone_for_a_reason check (
        (destroyed_at is null and destroyed_by is null and destroy_ground is null)
        or (destroyed_at is not null and destroyed_by <> '' and destroy_ground <> ''))
);
create unique index data_key_current on data_key (owner) where retired_at is null;
create index data_key_owner on data_key (owner);
create index data_key_by_master on data_key (master_key_id, data_key_id) where wrapped_key is not null;

create function guard_data_key() returns trigger language plpgsql as $$
begin
    if old.destroyed_at is not null then
        raise exception 'data key % was destroyed and stays so', old.data_key_id using errcode = 'restrict_violation';
    end if;
    if (new.data_key_id, new.owner, new.created_at) is distinct from (old.data_key_id, old.owner, old.created_at) then
        raise exception 'data key %: only its wrapping may change', old.data_key_id using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger guard before update on data_key for each row execute function guard_data_key();
create trigger no_change before delete or truncate on data_key for each statement execute function refuse_change();

-- Rotations of the master key: one at a time; running the command again resumes an unfinished one.
create table master_rotation (
    id bigint generated always as identity primary key,
    to_key text not null check (to_key <> ''), -- the id of the master key that wraps data keys from then on
    began_at timestamptz not null,
    ended_at timestamptz,
    constraint master_rotation_ends_later check (ended_at >= began_at)
);
create unique index master_rotation_open on master_rotation ((ended_at is null)) where ended_at is null;

-- Intake -------------------------------------------------------------------------------------------------------------

create table inbox (
    id bigint generated always as identity primary key,
    tracking_id tracking_no not null unique,
    workflow_id text generated always as ('complaint-' || tracking_id::text) stored,
    instansi code_word not null references instansi,
    channel channel_word not null,
    external_mac sha256, -- keyed hash of the channel's own id of the report
    idempotency_mac sha256, -- keyed hash of the sender's idempotency key
    digest_mac sha256 not null, -- keyed hash of what was sent
    data_key_id uuid not null references data_key,
    body bytea not null, -- the report and its sender, encrypted
    received_at timestamptz not null,
    accepted_at timestamptz not null default now(),
    status text not null default 'waiting' check (status in ('waiting', 'started', 'dead', 'set_aside')),
    attempts integer not null default 0 check (attempts >= 0),
    next_try_at timestamptz not null default now(),
    last_error text,
    started_at timestamptz,
    contacts_noted boolean not null default false, -- from the first official's decision on: reporter_contact
    constraint inbox_started_has_its_time check ((status = 'started') = (started_at is not null))
);
create unique index inbox_external on inbox (channel, external_mac) where external_mac is not null;
create unique index inbox_idempotency on inbox (idempotency_mac) where idempotency_mac is not null;
create index inbox_waiting on inbox (next_try_at) where status = 'waiting';
create index inbox_given_up on inbox (instansi, id) where status in ('dead', 'set_aside');
create index inbox_contacts on inbox (id) where not contacts_noted;

-- What a reporter concealed after sending the report: in force for the public from the transaction that accepts it, before
-- the complaint's workflow hears of it. It is never taken back.
create table concealment (
    tracking_id tracking_no primary key references inbox (tracking_id),
    anonim boolean not null,
    rahasia boolean not null,
    accepted_at timestamptz not null default now(),
    constraint concealment_conceals check (anonim or rahasia)
);

-- How often a reporter's access code was changed, and when last. The code is derived from this number and stored nowhere;
-- a report without a row has its first one.
create table access_code (
    tracking_id tracking_no primary key references inbox (tracking_id),
    generation integer not null check (generation >= 1),
    changed_at timestamptz not null,
    form_mac sha256 -- keyed hash of the page's form that changed it last; null: it was changed elsewhere
);

-- Reports that were passed on. One that went to another agency of this installation goes on there as a report of its own:
-- a relay starts it, in the transaction that fills `started_as`. The row is made with the event (see `event`).
create table handover (
    tracking_id tracking_no primary key references inbox (tracking_id), -- the one that was passed on
    decided_at timestamptz, -- null: whether it goes on here is still to be looked up
    started_as tracking_no unique references inbox (tracking_id), -- as which it goes on; null: it left the installation
    anonim boolean not null default false, -- what its reporter had hidden, as far as the new one knows of it
    rahasia boolean not null default false,
    files_at timestamptz, -- when all its files were copied
    next_try_at timestamptz not null default now(), -- after a failure not before then
    constraint handover_is_to_another check (started_as <> tracking_id),
    constraint handover_started_is_decided check (started_as is null or decided_at is not null),
    constraint handover_files_follow_its_start check (files_at is null or started_as is not null)
);
create index handover_undecided on handover (next_try_at) where decided_at is null;
create index handover_unfinished on handover (next_try_at) where started_as is not null and files_at is null;

-- Letters with a report's number, code and link that are still to be written, besides its notices: somebody asked for the
-- link again (`asked`: whoever typed that number and that contact, which may both be wrong), or the code was `changed`.
-- A request is stored the same way whether or not there is such a report; the worker looks, and deletes what is not right.
create table link_request (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('asked', 'changed')),
    number_mac sha256 not null, -- keyed hash of the number
    tracking_id tracking_no references inbox (tracking_id), -- once it is known that the reporter is to be written to
    body bytea, -- the number and the contact as typed, encrypted with the system's key; null once looked at
    asked_at timestamptz not null,
    status text not null default 'pending' check (status in ('pending', 'sent', 'not_sent', 'failed')),
    attempts integer not null default 0 check (attempts >= 0),
    next_try_at timestamptz not null default now(),
    last_error text,
    ended_at timestamptz,
    constraint link_request_is_about_something check ((tracking_id is null) = (body is not null)),
    constraint link_request_ended_has_its_time check ((status = 'pending') = (ended_at is null)),
    constraint link_request_ended_was_looked_at check (status = 'pending' or body is null)
);
create index link_request_pending on link_request (next_try_at, id) where status = 'pending';
create index link_request_unread on link_request (number_mac) where body is not null;
create index link_request_of on link_request (tracking_id, kind, asked_at) where tracking_id is not null;

-- Files that came with a report. The bytes are in the attachment store, encrypted with the complaint's key and named by
-- `name_mac`; a row is written only once its object is stored, so an object without a row belongs to nothing.
create table attachment (
    id uuid primary key,
    tracking_id tracking_no not null references inbox (tracking_id),
    name_mac sha256 not null, -- keyed hash of the content, with a key that only this complaint has
    data_key_id uuid not null references data_key,
    ciphertext bytea not null, -- the declared name, the content's hash, and which encrypted objects it refers to
    size bigint not null check (size > 0), -- of the content as received
    public_size bigint check (public_size > 0), -- of the variant without metadata; null where there is none
    media_type text not null check (media_type ~ '^[a-z]+/[a-z0-9.+-]+$'),
    added_at timestamptz not null default now(),
    event_seq integer check (event_seq >= 1), -- the event that names it, once one does
    by_office boolean not null default false, -- an official added it, and the reporter never sent the same
    unique (tracking_id, name_mac)
);

-- What a report and each addition to it was read from, as it came: what of it the report could not take is still there.
-- It stands in the row, not in the attachment store: so it goes with its complaint in the same transaction.
create table raw_letter (
    tracking_id tracking_no not null references inbox (tracking_id),
    number integer not null check (number >= 1), -- the complaint's first is 1
    channel channel_word not null,
    identity_mac sha256 not null, -- keyed hash of the channel's own id of it: one delivered twice is kept once
    data_key_id uuid not null references data_key,
    details bytea not null, -- its SHA-256, and what of it was left out, encrypted with the complaint's key
    body bytea not null, -- all of it, compressed, then encrypted with the complaint's key
    size integer not null check (size >= 0), -- bytes as received
    received_at timestamptz not null,
    primary key (tracking_id, number),
    unique (tracking_id, identity_mac)
);

-- What a reporter said (a reply, or one of the commands that a reporter gives) while the engine was unavailable: kept here
-- until the relay has delivered it. What is to be concealed is kept first and always, with its row in `concealment`.
create table inbox_reply (
    id bigint generated always as identity primary key,
    tracking_id tracking_no not null references inbox (tracking_id),
    channel channel_word not null,
    command text not null default 'reply' check (command in ('reply', 'accept', 'dispute', 'rate', 'conceal')),
    idempotency_mac sha256 not null, -- keyed hash of the sender's idempotency key
    digest_mac sha256 not null, -- keyed hash of what was sent
    body bytea not null, -- the reply, encrypted with the complaint's key
    accepted_at timestamptz not null,
    status text not null default 'waiting' check (status in ('waiting', 'sent', 'refused')),
    attempts integer not null default 0 check (attempts >= 0),
    next_try_at timestamptz not null default now(),
    last_error text, -- or the code of the refusal
    done_at timestamptz,
    constraint inbox_reply_done_has_its_time check ((status = 'waiting') = (done_at is null))
);
create unique index inbox_reply_idempotency on inbox_reply (tracking_id, idempotency_mac);
create index inbox_reply_waiting on inbox_reply (tracking_id, id) where status = 'waiting';

-- The tray: letters and messages that are no report and no reply by themselves, as received. They belong to no complaint
-- until an admin of the agency decides.
create table tray_item (
    id bigint generated always as identity primary key,
    instansi code_word not null references instansi, -- in whose tray it lies
    came_to code_word not null references instansi, -- to which agency it came
    channel channel_word not null,
    why text not null check (why in (
        'unreadable', 'automatic', 'names_report', 'quotes_us', 'report_over', 'unrecordable')),
    detail text check (detail ~ '^[a-z_]+$'),
    person boolean not null, -- false: a machine wrote it, and nobody is reminded of it
    identity_mac sha256 not null, -- keyed hash of what came: put twice it lies there once
    body bytea, -- as received, encrypted with the system's key; null once deleted
    deleted boolean not null generated always as (body is null) stored, -- for whoever reads no body
    media_type text not null check (media_type in ('message/rfc822', 'text/plain')),
    size integer not null check (size >= 0), -- bytes as received
    sender bytea, -- address or number, encrypted with the system's key; null once deleted
    sender_mac sha256, -- the same keyed hash as reporter_contact's
    received_at timestamptz not null,
    put_at timestamptz not null default now(),
    remind_at timestamptz not null,
    escalate_at timestamptz not null,
    reminded_at timestamptz, -- when the office of the admins was written to
    escalated_at timestamptz, -- when that of the Inspectorate was
    answerable boolean not null, -- whether the sender is still to be told that it was received
    answered_at timestamptz,
    retry_at timestamptz, -- an office's mail server refused the letter: not before then again
    state text not null default 'waiting' check (state in (
        'waiting', 'given', 'started', 'dismissed', 'expired', 'erased')),
    decided_at timestamptz,
    decided_by text check (decided_by <> ''), -- an account; null: by the round
    tracking_id tracking_no references inbox (tracking_id), -- what it was given to, or started as
    grounds bytea, -- encrypted with the system's key
    constraint tray_item_decided_has_its_time check ((state = 'waiting') = (decided_at is null)),
    constraint tray_item_waiting_has_its_body check (state <> 'waiting' or body is not null),
    constraint tray_item_of_a_machine_is_not_answered check (person or not answerable)
);
create unique index tray_item_once on tray_item (came_to, identity_mac);
create index tray_item_waiting on tray_item (instansi, id) where state = 'waiting';
create index tray_item_sender on tray_item (sender_mac) where sender_mac is not null;
create index tray_item_of on tray_item (tracking_id) where tracking_id is not null;

-- The reports that an item names; nothing proves that its sender is their reporter.
create table tray_item_report (
    item bigint not null references tray_item,
    tracking_id tracking_no not null references inbox (tracking_id),
    given_at timestamptz, -- it was given to this one, and lies there for others
    primary key (item, tracking_id)
);
create index tray_item_report_of on tray_item_report (tracking_id);

-- How many automatic letters an address got on a day, so that two machines do not write to each other for ever.
create table automatic_letter (
    address_mac sha256 not null,
    day date not null, -- local
    n integer not null check (n between 1 and 3),
    primary key (address_mac, day)
);

-- Adapters' credentials: only the hash of a random token, which is shown once.
create table api_token (
    id bigint generated always as identity primary key,
    name text not null check (name <> ''),
    token_hash sha256 not null unique,
    channel channel_word not null, -- of everything submitted with it
    instansi code_word references instansi, -- null: for any agency of the installation
    scopes text[] not null check (scopes <> '{}' and scopes <@ '{submit,reply,read}'::text[]),
    created_at timestamptz not null default now(),
    expires_at timestamptz, -- null: it does not end by itself
    revoked_at timestamptz,
    last_used_at timestamptz,
    constraint api_token_ends_later check (expires_at > created_at)
);

-- Texts that an agency keeps for its officials' forms: words of the office about nobody, offered when a form is filled in.
create table canned_text (
    id bigint generated always as identity primary key,
    instansi code_word not null references instansi,
    command text not null check (command <> ''),
    status status_word, -- offered in this status alone; null: in any
    category text check (category <> ''), -- offered for this category and those below it; null: for any
    title text not null check (title <> '' and length(title) <= 150),
    text text not null check (text <> '' and length(text) <= 10000)
);
create index canned_text_of_agency on canned_text (instansi, command, title);

-- Lists with their filters as officials saved them, each for the role in which it was saved.
create table saved_view (
    id bigint generated always as identity primary key,
    account text not null references account, -- whose: a person in a role
    role role_word not null,
    instansi code_word references instansi, -- null: of a role in no agency
    shared boolean not null default false, -- whether everybody in the role in the agency is shown it
    place integer not null, -- among those of the account
    body bytea not null, -- name, page and filters, encrypted with the system key
    constraint saved_view_shared_in_an_agency check (not shared or instansi is not null)
);
create index saved_view_of_account on saved_view (account, place);
create index saved_view_shared on saved_view (instansi, role) where shared;

-- What an agency tells every reader of its pages for a time: words of the office about nobody.
create table announcement (
    instansi code_word primary key references instansi,
    id_text text not null check (length(id_text) <= 500),
    en_text text not null check (length(en_text) <= 500),
    from_at timestamptz not null,
    until_at timestamptz, -- null: until it is taken away
    constraint announcement_says_something check (id_text <> '' or en_text <> ''),
    constraint announcement_begins_before_it_ends check (until_at > from_at)
);

-- What an agency has its letters say in its own words: the newest of a part and language holds for notices made since.
create table letter_text (
    id bigint generated always as identity primary key,
    instansi code_word not null references instansi,
    part text not null check (part <> ''), -- a kind of notice, whose letters it opens; or 'signature', of all letters
    lang text not null check (lang in ('id', 'en')),
    text text not null check (length(text) <= 400), -- empty: nothing of its own any more
    since timestamptz not null default now()
);
create index letter_text_newest on letter_text (instansi, part, lang, since desc);

-- Officials' credentials where the identity is otherwise unknown: only the hash of a random text, shown once. It expires.
create table official_pass (
    id bigint generated always as identity primary key,
    token_hash sha256 not null unique,
    account text not null references account, -- whose role, OPD and agency it confers
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    last_used_at timestamptz,
    constraint official_pass_ends_later check (expires_at > created_at)
);
create index official_pass_of_account on official_pass (account);

-- People who sign in -------------------------------------------------------------------------------------------------
-- A person holds roles; each held role stands on record as its account, whose id begins with the person's. How a person
-- signs in: with passkeys, or with a password and a one-time code. Secrets are kept as hashes or encrypted, never readable.

create table person (
    id text primary key check (id ~ '^[0-9a-f]{16}$'),
    name bytea not null, -- encrypted with the system key, as the log-in name is
    name_mac sha256 not null, -- keyed hash of the name: several may bear the same
    login bytea not null,
    login_mac sha256 not null unique, -- keyed hash of the log-in name, by which it is found
    handle bytea not null unique check (octet_length(handle) = 32), -- random: what passkeys know the person by
    active boolean not null default true,
    shortcuts boolean not null default true, -- whether single keys act on the officials' pages
    password_hash text check (password_hash like '$argon2id$%'),
    totp bytea, -- the secret of the one-time codes, encrypted with the system key
    totp_step bigint, -- the last code's step of 30 seconds: none of it or before counts again
    created_at timestamptz not null default now(),
    constraint person_password_needs_codes check ((password_hash is null) = (totp is null))
);

create index person_by_name on person (name_mac);

create table held_role (
    id bigint generated always as identity primary key,
    person text not null references person,
    account text not null references account,
    until date, -- the last day (Asia/Jakarta); null: open
    granted_at timestamptz not null default now(),
    granted_by text not null check (granted_by <> ''), -- an account
    ended_at timestamptz
);
create unique index held_role_once on held_role (account) where ended_at is null;
create index held_role_of_person on held_role (person);

-- A deputy acts as itself, in the absent's role and OPD, from the first to the last day.
create table deputy (
    id bigint generated always as identity primary key,
    held_role bigint not null references held_role, -- the absent's
    person text not null references person, -- who stands in
    account text not null references account, -- as which it stands on record
    from_day date not null,
    until_day date not null,
    named_at timestamptz not null default now(),
    named_by text not null check (named_by <> ''), -- an account
    ended_at timestamptz,
    constraint deputy_ends_later check (until_day >= from_day)
);
create index deputy_of_person on deputy (person) where ended_at is null;
create index deputy_of_role on deputy (held_role) where ended_at is null;

create table passkey (
    id bigint generated always as identity primary key,
    person text not null references person,
    credential_id bytea not null unique,
    public_key bytea not null,
    sign_count bigint not null default 0,
    name bytea not null, -- what its owner calls it, encrypted with the system key
    created_at timestamptz not null default now(),
    last_used_at timestamptz
);
create index passkey_of_person on passkey (person);

-- A one-time link by which a person sets up how to sign in: the first time, and after a loss. Without a person it is the
-- installation's first administrator's, who is entered when it is used.
create table sign_in_link (
    id bigint generated always as identity primary key,
    token_hash sha256 not null unique,
    person text references person,
    made_at timestamptz not null default now(),
    made_by text not null check (made_by <> ''), -- an account
    expires_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz,
    constraint sign_in_link_ends_later check (expires_at > made_at)
);
create index sign_in_link_of_person on sign_in_link (person);

-- What passkeys signed, until it expires anyhow: each counts once.
create table used_challenge (
    challenge bytea primary key check (octet_length(challenge) = 32),
    expires_at timestamptz not null
);
create index used_challenge_expiry on used_challenge (expires_at);

-- Officials' acts beside the process that were sent under an idempotency key, for a week: no act is done twice under one.
create table done_act (
    key_mac sha256 primary key, -- keyed hash of account and key
    act_mac sha256 not null, -- and of key and what was asked
    begun_at timestamptz not null,
    done_at timestamptz check (done_at >= begun_at) -- null: it goes on, or the process ended in the middle of it
);
create index done_act_begun on done_act (begun_at);

create table sign_in_failure (
    login_mac sha256 not null, -- keyed hash of what was typed as the log-in name
    at timestamptz not null default now()
);
create index sign_in_failure_of_login on sign_in_failure (login_mac, at);

create table staff_session (
    id bigint generated always as identity primary key,
    token_hash sha256 not null unique, -- of the cookie; changed at sign-in and at each change of role
    form_secret bytea not null check (octet_length(form_secret) = 32),
    person text not null references person,
    held_role bigint references held_role, -- acted in now: a role of the person's own,
    deputy bigint references deputy, -- or an absent's
    how text not null check (how in ('passkey', 'password', 'link', 'demo', 'provider')),
    issuer text, -- the identity provider, of a session begun through one,
    allowed text[], -- and the held roles (r7, d3) that its rules left; null: all
    device text not null default '' check (length(device) <= 60), -- browser and system, as a code
    began_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    ended_at timestamptz,
    constraint staff_session_acts_in_one_role check (held_role is null or deputy is null),
    constraint staff_session_has_its_issuer check ((how = 'provider') = (issuer is not null) and (how = 'provider' or allowed is null))
);
create index staff_session_of_person on staff_session (person) where ended_at is null;

-- An identity at an identity provider with which a person may sign in. Its owner alone links it; no claim ever does.
create table linked_identity (
    id bigint generated always as identity primary key,
    person text not null references person,
    issuer text not null check (issuer <> ''),
    subject_mac sha256 not null unique, -- keyed hash of the issuer and of what it calls the person
    linked_at timestamptz not null default now(),
    last_used_at timestamptz
);
create index linked_identity_of_person on linked_identity (person);

-- A browser that was sent to a provider; and, with a person, one that is back and owes a one-time code. Each counts once.
create table identity_request (
    token_hash sha256 primary key,
    browser_hash sha256 not null, -- of what only this browser holds
    provider text not null check (provider ~ '^[a-z0-9-]{1,40}$'),
    onward text not null check (length(onward) <= 500), -- the page of ours to which it wants
    session bigint references staff_session, -- in which an identity is to be linked; null: somebody signs in
    person text references person, -- whose identity was proved
    allowed text[], -- of the person's held roles; null: all
    expires_at timestamptz not null
);
create index identity_request_expiry on identity_request (expires_at);

-- Messages from SMS and WhatsApp gateways: each once, and which reports a sender has written about. Keyed hashes only.
create table message_seen (
    gateway text not null check (gateway ~ '^[a-z0-9-]{1,40}$'),
    message_mac sha256 not null, -- of its id, its sender and what it says
    signed_mac sha256, -- of what a signature without a time covers: it vouches for this message and no other
    kind text not null check (kind in ('report', 'reply', 'ignored', 'aside')),
    tracking_id tracking_no, -- the report that a reply was for
    seen_at timestamptz not null default now(),
    primary key (gateway, message_mac),
    constraint message_seen_signed unique (gateway, signed_mac),
    constraint message_seen_reply check ((kind = 'reply') = (tracking_id is not null))
);
create index message_seen_last on message_seen (gateway, seen_at);
create table conversation (
    sender_mac sha256 not null,
    tracking_id tracking_no not null references inbox (tracking_id),
    last_at timestamptz not null default now(),
    primary key (sender_mac, tracking_id)
);

-- Where the reconciler found inbox, record and engine to disagree: codes only. A finding that a later round does not
-- find again is marked as gone; it stays on record.
create table reconcile_round (
    id bigint generated always as identity primary key,
    began_at timestamptz not null default now(),
    ended_at timestamptz,
    looked_at integer not null default 0 check (looked_at >= 0),
    found integer not null default 0 check (found >= 0),
    repaired integer not null default 0 check (repaired >= 0)
);
create table reconcile_finding (
    id bigint generated always as identity primary key,
    tracking_id tracking_no not null,
    kind text not null check (kind ~ '^[a-z_]+$'),
    facts jsonb not null default '{}',
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    repaired_at timestamptz,
    gone_at timestamptz
);
create unique index reconcile_finding_open on reconcile_finding (tracking_id, kind) where gone_at is null;

-- The read model: what the workflow last said about each complaint --------------------------------------------------------

create table complaint (
    tracking_id tracking_no primary key,
    workflow_id text generated always as ('complaint-' || tracking_id::text) stored,
    instansi code_word not null references instansi,
    status status_word not null,
    channel channel_word not null,
    report_class class_word,
    pengawasan boolean not null default false,
    category text references category,
    anonim boolean not null,
    rahasia boolean not null,
    received_at timestamptz not null,
    verified_at timestamptz,
    first_forwarded_at timestamptz,
    first_follow_up_at timestamptz,
    completed_at timestamptz,
    closed_at timestamptz,
    closed_by text check (closed_by ~ '^[a-z_]+$'),
    work_days_to_follow_up integer check (work_days_to_follow_up >= 0),
    work_days_to_completion integer check (work_days_to_completion >= 0),
    rating integer check (rating between 1 and 5),
    rated_via text check (rated_via in ('desk', 'tray')), -- through whom the rating was given; null: by the reporter
    main_report tracking_no references complaint,
    next_deadline timestamptz,
    overdue boolean not null default false,
    ever_late boolean not null default false,
    item_open boolean not null default false,
    item_opened_at timestamptz,
    item_why text check (item_why ~ '^[a-z_:.A-Z0-9-]+$'),
    item_done_late text[] not null default '{}', -- late steps of the open item that were done after all
    level integer not null default 0 check (level between 0 and 3),
    ever_level integer not null default 0 check (ever_level between 0 and 3),
    said text check (said in ('hold_answer', 'answer', 'opd_answer', 'reply', 'dispute')), -- by the reporter, and not dealt with
    said_seq integer check (said_seq >= 1), -- its event
    said_at timestamptz,
    extension_days integer check (extension_days >= 1), -- asked for, not decided
    instructed_to code_word, -- whom an open instruction addresses
    offices text[] not null default '{}', -- "sent OPD" for each that was ever given it, "with" for each that has it, "done"
    policy_version text not null,
    calendar_version text not null,
    last_seq integer not null check (last_seq >= 1),
    -- Text of reports that are not rahasia, masked (kawal/domain/masking.py):
    title text,
    body text,
    place text,
    latitude double precision check (latitude between -90 and 90),
    longitude double precision check (longitude between -180 and 180),
    occurred_on date,
    area area_code, -- that the place names, where it names one
    erased_at timestamptz,
    public_search tsvector, -- of the words that the public reads instead (public_version); null: there are none
    search tsvector generated always as (coalesce(public_search, -- what stands for masked words is itself no word
        setweight(to_tsvector('indonesian', replace(coalesce(title, ''), '[disembunyikan]', ' ')), 'A')
        || setweight(to_tsvector('indonesian', replace(coalesce(body, ''), '[disembunyikan]', ' ')), 'B'))) stored,
    constraint complaint_words_are_public check (
        not (rahasia or erased_at is not null)
        or (title is null and body is null and place is null and latitude is null and longitude is null
            and occurred_on is null and area is null)),
    constraint complaint_point_is_whole check ((latitude is null) = (longitude is null)),
    constraint complaint_pengawasan_is_a_pengaduan check (not pengawasan or report_class = 'pengaduan'),
    constraint complaint_selesai_was_closed check (status <> 'selesai' or (closed_at is not null and closed_by is not null)),
    constraint complaint_proses_was_forwarded check (
        status not in ('proses', 'selesai') or (verified_at is not null and first_forwarded_at is not null)),
    constraint complaint_digabung_has_a_main check ((status = 'digabung') = (main_report is not null)),
    constraint complaint_is_not_its_own_main check (main_report <> tracking_id),
    constraint complaint_item_was_opened check (not item_open or item_opened_at is not null),
    constraint complaint_level_was_reached check (level <= ever_level),
    constraint complaint_said_is_whole check ((said is null) = (said_seq is null) and (said is null) = (said_at is null)),
    constraint complaint_late_once_is_late_ever check (ever_late or not overdue)
);
create index complaint_by_status on complaint (instansi, status);
create index complaint_received on complaint (received_at);
create index complaint_next_deadline on complaint (next_deadline) where next_deadline is not null;
create index complaint_on_worklist on complaint (instansi, item_opened_at) where item_open;
create index complaint_followers on complaint (main_report) where main_report is not null;
create index complaint_closed on complaint (instansi, closed_at desc, tracking_id desc) where closed_at is not null;
create index complaint_search on complaint using gin (search);

create table complaint_opd (
    tracking_id tracking_no not null references complaint,
    code code_word not null, -- an OPD, the agency itself (its own code), or INSPEKTORAT after take_over
    instansi code_word not null,
    opd code_word generated always as (nullif(nullif(code::text, instansi::text), 'INSPEKTORAT')) stored,
    place integer not null check (place >= 0), -- order of the forwards
    state text not null check (state in ('owes', 'final', 'returned', 'withdrawn', 'taken_over', 'handed_on')),
    forwarded_at timestamptz not null,
    received_at timestamptz,
    first_follow_up_at timestamptz,
    final_at timestamptz,
    late boolean not null default false, -- a step that it owed was late once
    overdue boolean not null default false, -- one is, and is still owed
    follow_up_days integer check (follow_up_days >= 0), -- working days since it got the report
    final_days integer check (final_days >= 0),
    primary key (tracking_id, code),
    foreign key (instansi, opd) references opd (instansi, code),
    constraint complaint_opd_final_has_its_time check (state <> 'final' or final_at is not null)
);
create index complaint_opd_worklist on complaint_opd (code, tracking_id) where state = 'owes';
create index complaint_opd_taken_over on complaint_opd (code, tracking_id) where state = 'taken_over';
create index complaint_opd_finished on complaint_opd (instansi, code, final_at desc, tracking_id desc) where state = 'final';

create table complaint_clock (
    tracking_id tracking_no not null references complaint,
    kind clock_word not null,
    opd text,
    owed_by role_word not null,
    started_at timestamptz not null,
    deadline timestamptz,
    paused_since timestamptz,
    breached_at timestamptz,
    provisional boolean not null default false,
    rungs integer not null default 0 check (rungs between 0 and 3)
);
create unique index complaint_clock_once on complaint_clock (tracking_id, kind, coalesce(opd, ''));
create index complaint_clock_deadline on complaint_clock (deadline) where deadline is not null;

-- The advice to whoever verifies a report, when it was worked out (activities/verify.py): codes and numbers, no words. It can
-- be worked out again; what is decided stands in the events.
create table report_advice (
    tracking_id tracking_no primary key references complaint,
    advised_at timestamptz not null default now(),
    missing text[] not null, -- codes of kawal/domain/completeness.py
    likenesses jsonb not null check (jsonb_typeof(likenesses) = 'array'), -- numbers of reports that may be the same, and how like
    categories jsonb not null check (jsonb_typeof(categories) = 'array'), -- suggested, with shares, the best first
    opds jsonb not null check (jsonb_typeof(opds) = 'array'),
    learned_from integer not null check (learned_from >= 0),
    pengawasan_hint boolean not null, -- whether its words hint at berkadar pengawasan
    unsure boolean not null -- whether the suggestion is too close to others to be taken by itself
);

-- What an official noted as read of what a reporter said: then it waits for nobody any more.
create table reply_read (
    tracking_id tracking_no primary key references complaint,
    seq integer not null check (seq >= 1), -- what was said by that event and before
    at timestamptz not null,
    account text not null check (account <> '')
);

-- Where an open complaint waits for whom, in the order in which it is worked on (kawal/domain/work_queues.py): the queues are
-- read from here by key, at any depth. What it can be filtered by stands beside, so that no other table is read for it.
create table queue_place (
    tracking_id tracking_no not null references complaint,
    queue text not null check (queue in (
        'verification', 'decisions', 'owed', 'waiting', 'escalated', 'come_up', 'desk', 'open')),
    opd text not null, -- whose: an OPD, the agency itself, INSPEKTORAT; '': that of no single office
    instansi code_word not null,
    why text[] not null,
    rank integer not null check (rank between 0 and 3),
    due timestamptz not null, -- the end of 9999: no date
    received_at timestamptz not null,
    deadline timestamptz,
    owed_by role_word,
    overdue boolean not null,
    status status_word not null,
    report_class class_word,
    category text,
    opds text[] not null, -- those that owe or have finished, in the order in which they got it
    primary key (tracking_id, queue, opd)
);
create index queue_place_order on queue_place (queue, instansi, opd, rank, due, received_at, tracking_id)
    include (status, report_class, category, overdue, opds); -- filters are tried on the index alone

-- Takes over a complaint's places; whoever calls it holds the complaint's row locked.
create function follow_queues(number text, places jsonb) returns void language plpgsql as $$
begin
    delete from queue_place q where q.tracking_id = number and not exists (
        select from jsonb_to_recordset(places) as p (queue text, opd text) where p.queue = q.queue and p.opd = q.opd);
    insert into queue_place as q
    select c.tracking_id, p.queue, p.opd, c.instansi, p.why, p.rank, p.due, c.received_at, p.deadline, p.owed_by,
        p.overdue, c.status, c.report_class, c.category, array(
            select o.code::text from complaint_opd o
            where o.tracking_id = number and o.state in ('owes', 'final') order by o.place)
    from complaint c, jsonb_to_recordset(places) as p (queue text, opd text, why text[], rank integer, due timestamptz,
        deadline timestamptz, owed_by text, overdue boolean)
    where c.tracking_id = number
    on conflict (tracking_id, queue, opd) do update set why = excluded.why, rank = excluded.rank, due = excluded.due,
        deadline = excluded.deadline, owed_by = excluded.owed_by, overdue = excluded.overdue, status = excluded.status,
        report_class = excluded.report_class, category = excluded.category, opds = excluded.opds
    where q.* is distinct from excluded.*;
end $$;

create function recap_day(at timestamptz) returns date language sql immutable strict parallel safe
    return (at at time zone interval '7 hours')::date; -- Asia/Jakarta: no daylight saving, ever
create function recap_month(at timestamptz) returns date language sql immutable strict parallel safe
    return date_trunc('month', at at time zone interval '7 hours')::date;

-- What officials find a complaint by: the words of title, text and place, and marks for whose it is, how it stands, when it was
-- received and closed. A mark is a word that no text contains, since it has a space. One index finds all of it together.
create function day_number(day date) returns integer language sql immutable parallel safe -- as text in any DateStyle the same
    return day - date '2000-01-01';
create function found_by(
    search tsvector, place text, instansi text, offices text[], status text, report_class text, category text,
    waits boolean, late boolean, level integer, received_at timestamptz, closed_at timestamptz) returns tsvector
    language sql immutable parallel safe
    return search || to_tsvector('indonesian', coalesce(place, '')) || array_to_tsvector(offices || array_remove(array[
        'in ' || instansi, 'status ' || status, 'class ' || report_class, case when waits then 'that waits' end,
        case when late then 'that is late' end, case when level > 1 then 'that came up' end,
        'leaf ' || left(category, 100), 'main ' || left(split_part(category, ' / ', 1), 100),
        'received ' || day_number(recap_day(received_at)), 'received in ' || day_number(recap_month(received_at)),
        'closed ' || day_number(recap_day(closed_at)), 'closed in ' || day_number(recap_month(closed_at))], null));
create index complaint_found_by on complaint using gin (found_by(search, place, instansi, offices, status, report_class,
    category, status not in ('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung') or item_open or said is not null,
    overdue, ever_level, received_at, closed_at));

create function marks(words text[], joined text) returns tsquery language sql immutable parallel safe as $$
    select coalesce(string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || '''', joined), '')::tsquery
    from unnest(words) as word
$$;

-- What share of all complaints has each of these words and marks, by the statistics of the index; of what is so rare that they do
-- not know it, at most that share. Without statistics: all. The owner's functions ask it once for all that they look for, as reading
-- them takes longer than most searches of the index; to nobody else do statistics show a table with policies.
create function found_by_shares(words text[]) returns table (word text, share real) language sql stable as $$
    select w.word, case when s.freqs is null then 1
        else coalesce(f.share, greatest(s.freqs[cardinality(s.elems) + 1], 0.000001)) end::real
    from unnest(words) as w (word)
    left join (select most_common_elems::text::text[] as elems, most_common_elem_freqs as freqs from pg_stats
        where schemaname = current_schema() and tablename = 'complaint_found_by') as s on true
    left join lateral (select e.share from unnest(s.elems, s.freqs[:cardinality(s.elems)]) as e (elem, share)
        where e.elem = w.word) as f on true
$$;

-- What share has all of what these shares have, as though one said nothing of another; of many rare words as little as a number
-- can say.
create function joint_share(shares real[]) returns real language sql immutable as $$
    select exp(greatest(coalesce(sum(ln(share)), 0), -80))::real from unnest(shares) as share
$$;

-- About how many complaints have all of these.
create function found_by_about(words text[]) returns real language sql stable as $$
    select greatest(c.reltuples, 0) * joint_share(array(select share from found_by_shares(words)))
    from pg_class c where c.oid = 'complaint'::regclass
$$;

-- About how many complaints a day were received, or closed, up to an instant, by the statistics: the greater figure of the two
-- last stretches of equally many, since a few that came much later make one of them look empty. Without statistics: as if they
-- had come evenly.
create function complaints_a_day(up_to timestamptz, by_closing boolean) returns real language sql stable as $$
    with bounds as (
        select b.bound as since, lead(b.bound) over (order by b.bound) as until, count(*) over () - 1 as stretches
        from pg_stats s cross join unnest(s.histogram_bounds::text::timestamptz[]) as b (bound)
        where s.schemaname = current_schema() and s.tablename = 'complaint'
            and s.attname = case when by_closing then 'closed_at' else 'received_at' end),
    last as (select * from bounds where since < up_to and until is not null order by since desc limit 2)
    select greatest(0.01, coalesce(
        (select max(c.reltuples / (l.stretches * greatest(extract(epoch from l.until - l.since) / 86400, 0.01))) from last l),
        c.reltuples / greatest((select recap_day(max(received_at)) - recap_day(min(received_at)) from complaint), 1)))::real
    from pg_class c where c.oid = 'complaint'::regclass
$$;

-- Numbers of complaints for officials, the latest first (by receipt, or by closing), after where a page ended. The owner's:
-- under row-level security a search of one's own would look at every row, for `@@` is not leakproof. So it applies the scope of
-- the role that was taken on (`scope_of_caller`), and nobody can name another. What is rare is asked for at once; of what is
-- frequent the index is asked for as many days as should hold a page, then for longer stretches as long as they do not: so a
-- frequent word costs no more than a rare one. Of words that all have to be there, those that a third of all complaints have, but
-- never the rarest, are looked for in what the others find, since the index would go through all that it knows of them.
create function staff_search(
    words text, wanted text[], statuses text[], by_closing boolean, before timestamptz, before_number text, most integer
) returns table (number text, at timestamptz)
    language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    agency text;
    office text;
    come_up boolean;
    named text := case when by_closing then 'closed ' else 'received ' end;
    all_marks text[];
    asked tsquery := websearch_to_tsquery('indonesian', words);
    lexemes text[] := tsvector_to_array(to_tsvector('indonesian', words));
    all_there boolean := asked::text !~ '[|!<]' -- each of the words, in whatever order
        and numnode(asked) = greatest(2 * cardinality(lexemes) - 1, 0); -- as many as were meant: `or` at an end is no word
    total real := (select greatest(reltuples, 0) from pg_class where oid = 'complaint'::regclass);
    frequent text[];
    needed text[]; -- of the index
    rare boolean;
    share real;
    last date := recap_day(coalesce(before, now()));
    next timestamptz := coalesce(before, now());
    shortest integer;
    days integer := 0;
    first date;
    stretches tsquery[];
    got integer;
begin
    select s.agency, s.office, s.come_up into agency, office, come_up from scope_of_caller() as s;
    if not found or (words <> '' and numnode(asked) = 0) then
        return;
    end if;
    all_marks := wanted || array_remove(array['sent ' || office, case when come_up then 'that came up' end,
        case when office is null and exists (select from instansi i where i.code <> agency) then 'in ' || agency end], null);
    select coalesce(array_agg(w.word) filter (where w.later), '{}'), coalesce(array_agg(w.word) filter (where not w.later), '{}'),
        total * joint_share(array_agg(w.share) filter (where not w.later)) < 2500, joint_share(array_agg(w.share))
    into frequent, needed, rare, share
    from (select s.word, s.share, all_there and s.share > 0.3 and row_number() over (order by s.share) > 1 as later
        from found_by_shares(all_marks || lexemes) as s) as w;
    asked := case when all_there then marks(needed, ' & ') else asked && marks(all_marks, ' & ') end;
    asked := asked && marks(array(select 'status ' || status from unnest(statuses) as status), ' | ');
    loop
        -- What lies before all that is there is not asked for.
        select max(l.at) into next from instansi i cross join lateral (
            select max(c.closed_at) as at from complaint c
            where by_closing and c.instansi = i.code and c.closed_at <= next
            union all
            select max(c.received_at) from complaint c where not by_closing and c.received_at <= next) as l
        where agency is null or i.code = agency;
        exit when next is null;
        -- Twice as many days as hold a page if what is looked for came as evenly as all.
        shortest := case when rare then 1000000
            else least(ceil(2 * most / (share * complaints_a_day(next, by_closing))), 1000000) end;
        days := case when days = 0 or last - recap_day(next) > 100 then shortest else days end;
        last := least(last, recap_day(next));
        first := last - days;
        -- One for each, since the index looks through the marks that may stand for one another at each complaint again.
        stretches := case when days > 2000 then array[asked]
            when days > 31 then array(select asked && marks(array[named || 'in ' || day_number(month::date)], '')
                from generate_series(date_trunc('month', first::timestamp), last::timestamp, interval '1 month') as month)
            else array(select asked && marks(array[named || day_number(day::date)], '')
                from generate_series(first + interval '1 day', last::timestamp, interval '1 day') as day) end;
        return query execute format($query$
            with found as materialized (
                select c.tracking_id, c.instansi, c.offices, c.ever_level, c.%1$I as at
                from unnest($1) as of_stretch cross join lateral (select * from complaint c where found_by(c.search, c.place, c.instansi, c.offices, c.status, c.report_class, c.category,
                    c.status not in ('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung')
                        or c.item_open or c.said is not null,
                    c.overdue, c.ever_level, c.received_at, c.closed_at) @@ of_stretch offset 0) as c),
            ordered as (
                select f.tracking_id, f.tracking_id::text as number, f.instansi, f.offices, f.ever_level, f.at from found f
                where f.at is not null and recap_day(f.at) > $2 and recap_day(f.at) <= $3
                    and ($4::timestamptz is null or (f.at, f.tracking_id::text) < ($4, $5))
                order by f.at desc, f.tracking_id::text desc offset 0)
            select o.number, o.at from ordered o
            where ($6::text is null or o.instansi = $6) and ($7::text is null or 'sent ' || $7 = any (o.offices))
                and (not $8 or o.ever_level > 1)
                -- `offset 0`: asked of each until the page is full, rather than of all before
                and not ($9 and exists (select from concealment k where k.tracking_id = o.tracking_id and k.rahasia offset 0))
                and ($11 = '' or exists (select from complaint c where c.tracking_id = o.tracking_id
                    and found_by(c.search, c.place, c.instansi, c.offices, c.status, c.report_class, c.category,
                        c.status not in ('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung')
                            or c.item_open or c.said is not null,
                        c.overdue, c.ever_level, c.received_at, c.closed_at) @@ $11 offset 0))
            order by o.at desc, o.number desc limit $10
            $query$, case when by_closing then 'closed_at' else 'received_at' end)
            using stretches, first, last, before, before_number, agency, office, come_up, words <> '', most,
                marks(frequent, ' & ');
        get diagnostics got = row_count;
        most := most - got;
        exit when most <= 0 or days > 2000;
        next := (first + 1)::timestamp at time zone interval '7 hours';
        last := first;
        days := days * 4;
    end loop;
end $$;

-- Those received on some local days, both included, that an OPD was given, in no order; of many days others of their months
-- too, and of more than can be named (2,000) all.
create function received_for(agency text, office text, first date, last date) returns setof text language plpgsql stable as $$
declare
    sent constant tsquery := marks(array['sent ' || office], '');
begin
    return query execute $query$
        select c.tracking_id::text from unnest($1) as of_stretch cross join lateral (
            select c.tracking_id, c.instansi from complaint c
            where found_by(c.search, c.place, c.instansi, c.offices, c.status, c.report_class, c.category,
                c.status not in ('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung')
                    or c.item_open or c.said is not null,
                c.overdue, c.ever_level, c.received_at, c.closed_at) @@ of_stretch offset 0) as c
        where c.instansi = $2
        $query$ using case when last - first > 2000 then array[sent]
            when last - first > 31 then array(select sent && marks(array['received in ' || day_number(month::date)], '')
                from generate_series(date_trunc('month', first::timestamp), last::timestamp, interval '1 month') as month)
            else array(select sent && marks(array['received ' || day_number(first + n)], '')
                from generate_series(0, last - first) as n) end, agency;
end $$;

-- The same among what stands in queues, in no order: as many as there are. Null where that is so many that they are better
-- looked for in the queue's order (`staff_has_words`).
create function staff_matches(words text) returns text[]
    language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    scope record;
    frequent constant real := 1000;
    matches text[];
begin
    select * into scope from scope_of_caller();
    if not found then
        return '{}';
    end if;
    if found_by_about('{that waits}' || tsvector_to_array(to_tsvector('indonesian', words))) > frequent then
        return null;
    end if;
    execute $query$
        select array_agg(c.tracking_id::text) from complaint c
        where found_by(c.search, c.place, c.instansi, c.offices, c.status, c.report_class, c.category,
            c.status not in ('selesai', 'diarsipkan', 'bukan_wewenang', 'digabung')
                or c.item_open or c.said is not null,
            c.overdue, c.ever_level, c.received_at, c.closed_at) @@ $1
            and ($2::text is null or c.instansi = $2) and ($3::text is null or 'sent ' || $3 = any (c.offices))
            and (not $4 or c.ever_level > 1)
            and not exists (select from concealment k where k.tracking_id = c.tracking_id and k.rahasia)
        $query$ into matches using websearch_to_tsquery('indonesian', words)
            && marks(array_remove(array['that waits', 'sent ' || scope.office], null), ' & '),
            scope.agency, scope.office, scope.come_up;
    return coalesce(matches, '{}');
end $$;

-- How an OPD stands in a report: its own days and lateness, where the report's are those of all who have it.
create type opd_standing as (
    code text, owes boolean, overdue boolean, late boolean, follow_up_days integer, final_days integer);

-- What the recap counts for a complaint, and during which time: from_at <= instant and (to_at is null or
-- to_at > instant). A complaint's spans follow each other without gaps; the open one is today's.
create table status_span (
    tracking_id tracking_no not null references complaint,
    seq integer not null, -- of the event that began it
    instansi code_word not null,
    received_at timestamptz not null,
    status status_word not null,
    from_at timestamptz not null,
    to_at timestamptz,
    channel channel_word not null,
    report_class class_word,
    category text,
    opds text[] not null, -- those that owe, have finished or were relieved by the Inspectorate
    follow_up_days integer, -- working days to the first follow-up; null: none yet
    completion_days integer, -- working days to the final follow-up now in force; null: none is
    rating integer, -- the reporter's own; null also where it was given through somebody
    overdue boolean not null,
    ever_late boolean not null,
    escalated boolean not null,
    publicity publicity_word not null default 'unverified', -- of the report as it is now, in all its spans
    area area_code, -- of a public report: the kecamatan, or what larger area its place names
    closed_at timestamptz, -- since when it is selesai
    standings opd_standing[] not null default '{}', -- of each of `opds`, in their order
    primary key (tracking_id, seq),
    constraint status_span_runs_forward check (to_at > from_at),
    constraint status_span_area_is_public check (area is null or publicity = 'public')
);
create unique index status_span_open on status_span (tracking_id) where to_at is null;
create index status_span_begun on status_span (from_at);
create index status_span_ended on status_span (to_at) where to_at is not null;
create index status_span_closed on status_span (instansi, closed_at, tracking_id) where closed_at is not null;
create index status_span_overdue on status_span (instansi, to_at) where overdue;
-- The public reports behind a figure, by local day of receipt: of today, and of a past day.
create index status_span_shown on status_span (instansi, status, recap_day(received_at), tracking_id)
    include (received_at) where to_at is null and publicity = 'public';
create index status_span_was_shown on status_span (instansi, status, recap_day(received_at), tracking_id)
    include (received_at, from_at, to_at) where publicity = 'public'; -- all that is asked: no need to read the table

-- Those of one OPD, main category or area: by a key for each line of the figures that a span counts in, by month of
-- receipt and status. A key is a hash, so whoever looks by it asks for the values too.
create function figure_key(instansi text, axis text, value text, status text, month date) returns bigint
    language sql immutable strict parallel safe
    return hashtextextended(
        instansi || '/' || axis || '/' || status || '/' || (month - date '2000-01-01')::text || '/' || value, 0);
create function figure_keys(
    instansi text, status text, received_at timestamptz, opds text[], category text, area text) returns bigint[]
    language sql immutable parallel safe
    return (select array_agg(figure_key(instansi, line.axis, line.value, status, recap_month(received_at)))
        from (select 'opd', unnest(case when opds = '{}' then '{""}' else opds end)
            union all select 'category', coalesce(split_part(category, ' / ', 1), '')
            union all select 'area', coalesce(area, '')) as line (axis, value));
create index status_span_behind on status_span
    using gin (figure_keys(instansi, status, received_at, opds, category, area)) with (fastupdate = off)
    where publicity = 'public';

-- The recap's figures, counted as the spans change: a recap of today or of any past day is a sum over few rows, however
-- many complaints there are. `recap_pending` takes what each change adds and subtracts (only inserts, so no two steps
-- ever wait for each other), `recap_tally` holds the sums folded from it, once by the day on which they arose, once more
-- by that day's month, and once by its year and the year of receipt; a reader adds whole years, the months and days from
-- there and what is pending. The sum up to a day is the state of the complaints at its end. Each line is kept by the
-- reports' publicity of today.

create table recap_tally (
    grain text not null check (grain in ('day', 'month', 'year')),
    axis text not null check (axis in ('channel', 'class', 'category', 'opd', 'follow_up', 'completion', 'area')),
    day date not null, -- on which these figures arose; of grain `month` or `year`: its first day
    instansi code_word not null,
    month date not null, -- of receipt, its first day; of grain `year`: that of the year of receipt
    value text not null, -- '' where the complaint has none
    publicity publicity_word not null,
    masuk integer not null, selesai integer not null, proses integer not null, belum_diverifikasi integer not null,
    belum_ditindaklanjuti integer not null, ditunda integer not null, diarsipkan integer not null, bukan_wewenang
    integer not null, digabung integer not null, overdue integer not null, ever_late integer not null, escalated
    integer not null, follow_ups integer not null, follow_up_days integer not null, completions integer not null,
    completion_days integer not null, ratings integer not null, rating_sum integer not null,
    primary key (grain, axis, day, instansi, month, value, publicity)
);
create table recap_pending (
    like recap_tally,
    id bigint generated always as identity -- last, so that a row of the tally can be inserted unchanged
);

-- A span's share in each line it counts in (one channel, one class, one main category, each of its OPDs; its days to the
-- follow-up and to completion where it has them, from which medians are told; the area of a public report), with the sign
-- 1 where the span begins at that time and -1 where it ends.
create function recap_count(sign integer, span status_span, at timestamptz) returns setof recap_tally
language sql immutable parallel safe as $$
    select 'day', line.axis, recap_day(at), span.instansi, recap_month(span.received_at), line.value, span.publicity, m.masuk,
        sign * (span.status = 'selesai')::integer, sign * (span.status = 'proses')::integer,
        sign * (span.status in ('belum_diverifikasi', 'ditunda'))::integer,
        sign * (span.status = 'belum_ditindaklanjuti')::integer, sign * (span.status = 'ditunda')::integer,
        sign * (span.status = 'diarsipkan')::integer, sign * (span.status = 'bukan_wewenang')::integer,
        sign * (span.status = 'digabung')::integer,
        m.masuk * span.overdue::integer, m.masuk * span.ever_late::integer, m.masuk * span.escalated::integer,
        m.masuk * (span.follow_up_days is not null)::integer, m.masuk * coalesce(span.follow_up_days, 0),
        m.masuk * (span.completion_days is not null)::integer, m.masuk * coalesce(span.completion_days, 0),
        m.masuk * (span.rating is not null)::integer, m.masuk * coalesce(span.rating, 0)
    from (select sign * (span.status not in ('diarsipkan', 'bukan_wewenang', 'digabung'))::integer as masuk) as m
    cross join lateral (
        values ('channel', span.channel::text), ('class', coalesce(span.report_class::text, '')),
            ('category', coalesce(split_part(span.category, ' / ', 1), ''))
        union all
        select 'opd', code from unnest(case when span.opds = '{}' then '{""}' else span.opds end) as code
        union all
        select 'follow_up', span.follow_up_days::text where span.follow_up_days is not null
        union all
        select 'completion', span.completion_days::text where span.completion_days is not null
        union all
        select 'area', coalesce(span.area::text, '') where span.publicity = 'public'
    ) as line (axis, value)
$$;

-- How OPDs work, counted in the same way: for each OPD the reports that it has, those in which it owes a step (`late`: one
-- is late now), and by working days those that it followed up and finished (`late`: one was late once); and of the whole
-- agency, whose `opd` is '', the reports done, by day (`value`: day_number).
create table work_tally (
    grain text not null check (grain in ('day', 'month', 'year')),
    axis text not null check (axis in ('has', 'owes', 'follow_up', 'final', 'closed')),
    day date not null,
    instansi code_word not null,
    month date not null,
    opd text not null,
    value integer not null,
    reports integer not null, late integer not null, ratings integer not null, rating_sum integer not null,
    primary key (grain, axis, day, instansi, month, opd, value)
);
create table work_pending (
    like work_tally,
    id bigint generated always as identity
);
create function work_count(sign integer, span status_span, at timestamptz) returns setof work_tally
language sql immutable parallel safe as $$
    select 'day', line.axis, recap_day(at), span.instansi, recap_month(span.received_at), line.opd, line.value, sign,
        sign * line.late::integer, sign * (line.rating is not null)::integer, sign * coalesce(line.rating, 0)
    from (
        select s.code, kind.axis, kind.value, kind.late, null
        from unnest(span.standings) as s cross join lateral (values
            ('has', 0, s.late), ('owes', case when s.owes then 0 end, s.overdue),
            ('follow_up', s.follow_up_days, s.late), ('final', s.final_days, s.late)) as kind (axis, value, late)
        union all
        select '', 'closed', day_number(recap_day(span.closed_at)), span.ever_late, span.rating
    ) as line (opd, axis, value, late, rating)
    where line.value is not null and span.status not in ('diarsipkan', 'bukan_wewenang', 'digabung')
$$;

create function recap_post() returns trigger language plpgsql as $$
declare
    same status_span := old; -- except for its end: then only the end is new
begin
    same.to_at := new.to_at;
    insert into recap_pending
    select line.*
    from (values (1, new, new.from_at, same is distinct from new), (-1, old, old.from_at, same is distinct from new),
        (-1, new, new.to_at, true), (1, old, old.to_at, true)) as e (sign, span, at, news)
    cross join lateral recap_count(e.sign, e.span, e.at) as line
    where e.news and e.at is not null;
    insert into work_pending
    select line.*
    from (values (1, new, new.from_at, same is distinct from new), (-1, old, old.from_at, same is distinct from new),
        (-1, new, new.to_at, true), (1, old, old.to_at, true)) as e (sign, span, at, news)
    cross join lateral work_count(e.sign, e.span, e.at) as line
    where e.news and e.at is not null;
    return null;
end $$;
create trigger counted after insert or update or delete on status_span
    for each row execute function recap_post();

-- The month of receipt, or the day on which a figure arose, as a grain of the tally keeps it.
create function recap_receipt(grain text, month date) returns date
    language sql immutable parallel safe
    return case grain when 'year' then date_trunc('year', month::timestamp)::date else month end;
create function recap_arose(grain text, day date) returns date
    language sql immutable parallel safe return date_trunc(grain, day::timestamp)::date;

-- One transaction folds at a time; another that comes meanwhile skips it. The lock never makes anyone wait.
create function recap_fold() returns trigger language plpgsql as $$
begin
    if not pg_try_advisory_xact_lock(hashtextextended('recap_fold', 0)) then
        return null;
    end if;
    with folded as (delete from recap_pending returning *)
    insert into recap_tally as t
    select g.grain, axis, recap_arose(g.grain, day), instansi, recap_receipt(g.grain, month), value, publicity,
        sum(masuk), sum(selesai), sum(proses), sum(belum_diverifikasi), sum(belum_ditindaklanjuti),
        sum(ditunda), sum(diarsipkan), sum(bukan_wewenang), sum(digabung), sum(overdue), sum(ever_late), sum(escalated),
        sum(follow_ups), sum(follow_up_days), sum(completions), sum(completion_days), sum(ratings), sum(rating_sum)
    from folded cross join (values ('day'), ('month'), ('year')) as g (grain) group by 1, 2, 3, 4, 5, 6, 7
    on conflict (grain, axis, day, instansi, month, value, publicity) do update set
        masuk = t.masuk + excluded.masuk, selesai = t.selesai + excluded.selesai, proses = t.proses + excluded.proses,
        belum_diverifikasi = t.belum_diverifikasi + excluded.belum_diverifikasi, belum_ditindaklanjuti =
        t.belum_ditindaklanjuti + excluded.belum_ditindaklanjuti, ditunda = t.ditunda + excluded.ditunda, diarsipkan =
        t.diarsipkan + excluded.diarsipkan, bukan_wewenang = t.bukan_wewenang + excluded.bukan_wewenang, digabung =
        t.digabung + excluded.digabung, overdue = t.overdue + excluded.overdue, ever_late = t.ever_late +
        excluded.ever_late, escalated = t.escalated + excluded.escalated, follow_ups = t.follow_ups +
        excluded.follow_ups, follow_up_days = t.follow_up_days + excluded.follow_up_days, completions = t.completions
        + excluded.completions, completion_days = t.completion_days + excluded.completion_days, ratings = t.ratings +
        excluded.ratings, rating_sum = t.rating_sum + excluded.rating_sum;
    return null;
end $$;
create trigger fold after insert on recap_pending
    for each row when (new.id % 4096 = 0) execute function recap_fold();

create function work_fold() returns trigger language plpgsql as $$
begin
    if not pg_try_advisory_xact_lock(hashtextextended('work_fold', 0)) then
        return null;
    end if;
    with folded as (delete from work_pending returning *)
    insert into work_tally as t
    select g.grain, axis, recap_arose(g.grain, day), instansi, recap_receipt(g.grain, month), opd, value,
        sum(reports), sum(late), sum(ratings), sum(rating_sum)
    from folded cross join (values ('day'), ('month'), ('year')) as g (grain) group by 1, 2, 3, 4, 5, 6, 7
    on conflict (grain, axis, day, instansi, month, opd, value) do update set
        reports = t.reports + excluded.reports, late = t.late + excluded.late, ratings = t.ratings + excluded.ratings,
        rating_sum = t.rating_sum + excluded.rating_sum;
    return null;
end $$;
create trigger fold after insert on work_pending
    for each row when (new.id % 4096 = 0) execute function work_fold();

-- Recounts everything from the spans, after a bulk load with their trigger disabled.
create function recap_rebuild() returns void language plpgsql as $$
begin
    lock table status_span in share row exclusive mode;
    truncate recap_tally, recap_pending, work_tally, work_pending;
    insert into recap_pending
    select grain, axis, day, instansi, month, value, publicity,
        sum(masuk), sum(selesai), sum(proses), sum(belum_diverifikasi), sum(belum_ditindaklanjuti), sum(ditunda),
        sum(diarsipkan), sum(bukan_wewenang), sum(digabung), sum(overdue), sum(ever_late), sum(escalated),
        sum(follow_ups), sum(follow_up_days), sum(completions), sum(completion_days), sum(ratings), sum(rating_sum)
    from (select 1 as sign, s as span, from_at as at from status_span as s
        union all
        select -1, s, to_at from status_span as s where to_at is not null) as e
    cross join lateral recap_count(e.sign, e.span, e.at)
    group by 1, 2, 3, 4, 5, 6, 7; -- more than 4,096 of them fold themselves
    insert into work_pending
    select grain, axis, day, instansi, month, opd, value, sum(reports), sum(late), sum(ratings), sum(rating_sum)
    from (select 1 as sign, s as span, from_at as at from status_span as s
        union all
        select -1, s, to_at from status_span as s where to_at is not null) as e
    cross join lateral work_count(e.sign, e.span, e.at)
    group by 1, 2, 3, 4, 5, 6, 7;
end $$;

-- An event as a step passes it: the columns of `event`, in their order, except the position.
create type new_event as (
    workflow_id text, seq integer, tracking_id text, at timestamptz, recorded_at timestamptz, kind text,
    actor_role text, actor_account text, actor_opd text, status text, facts jsonb, idempotency_mac bytea, ciphertext bytea,
    prev_hash bytea, hash bytea);

-- A notice as a step passes it: the columns of `outbox` from workflow_id to body.
create type new_notice as (
    workflow_id text, seq integer, tracking_id text, n integer, kind text, to_role text, to_opd text, channel text,
    body bytea);

-- How the OPDs that count stand at an instant of a step: at all but its last instant, of what is after it only what is
-- dated by then, and late as before the step.
create function standings_at(at timestamptz, lines jsonb, is_last boolean, before opd_standing[]) returns opd_standing[]
language sql immutable as $$
    select coalesce(array_agg(row(l.code, l.state = 'owes',
        coalesce(case when is_last then l.overdue else b.overdue end, false),
        coalesce(case when is_last then l.late else b.late end, false),
        case when is_last or l.first_follow_up_at <= at then l.follow_up_days end,
        case when is_last or l.final_at <= at then l.final_days end)::opd_standing order by l.place), '{}')
    from jsonb_to_recordset(lines) as l(place integer, code text, state text, late boolean, overdue boolean,
        first_follow_up_at timestamptz, follow_up_days integer, final_at timestamptz, final_days integer)
    left join unnest(before) as b on b.code = l.code
    where l.state not in ('returned', 'withdrawn', 'handed_on')
$$;

-- Extends a complaint's spans by one step: `now` is the row after it, `lines` its OPDs, `shown` its publicity from now on, `shown_area` its
-- area where that is public. Of events at one instant only the last counts.
-- A step of imported history may hold several instants: at each but the last, the complaint has that event's status and
-- those values of `now` that are dated by then; the rest is as before the step.
create function follow_spans(now complaint, lines jsonb, events new_event[], shown text, shown_area text) returns void language plpgsql as $$
declare
    stood status_span;
    next status_span;
    standings opd_standing[];
    steps integer := cardinality(events);
begin
    update status_span set publicity = shown, area = shown_area
        where tracking_id = now.tracking_id and (publicity, area) is distinct from (shown, shown_area);
    select * into stood from status_span where tracking_id = now.tracking_id and to_at is null;
    for i in 1 .. steps loop
        continue when i < steps and events[i + 1].at <= events[i].at;
        standings := standings_at(events[i].at, lines, i = steps, stood.standings);
        -- Time never runs backwards in a complaint; should a step claim so, its span begins where the last one began.
        next := row(now.tracking_id, events[i].seq, now.instansi, now.received_at, events[i].status,
            greatest(events[i].at, stood.from_at), null, now.channel, now.report_class, now.category,
            array(select s.code from unnest(standings) with ordinality as s order by s.ordinality),
            case when i = steps or now.first_follow_up_at <= events[i].at then now.work_days_to_follow_up end,
            case when i = steps or now.completed_at <= events[i].at then now.work_days_to_completion end,
            case when i < steps then stood.rating when now.rated_via is null then now.rating end,
            case when i = steps then now.overdue else coalesce(stood.overdue, false) end,
            case when i = steps then now.ever_late else coalesce(stood.ever_late, false) end,
            case when i = steps then now.ever_level > 0 else coalesce(stood.escalated, false) end, shown, shown_area,
            case when events[i].status = 'selesai' and (i = steps or now.closed_at <= events[i].at) then now.closed_at end,
            standings);
        if row(next.status, next.report_class, next.category, next.opds, next.follow_up_days, next.completion_days,
                next.rating, next.overdue, next.ever_late, next.escalated, next.closed_at, next.standings)
            is not distinct from row(stood.status, stood.report_class, stood.category, stood.opds,
                stood.follow_up_days, stood.completion_days, stood.rating, stood.overdue, stood.ever_late,
                stood.escalated, stood.closed_at, stood.standings) then
            continue;
        end if;
        if next.from_at = stood.from_at then
            delete from status_span where tracking_id = stood.tracking_id and seq = stood.seq;
        else
            update status_span set to_at = next.from_at where tracking_id = stood.tracking_id and seq = stood.seq;
        end if;
        insert into status_span values (next.*);
        stood := next;
    end loop;
end $$;

-- What happened ------------------------------------------------------------------------------------------------------

create table event (
    workflow_id text not null,
    seq integer not null check (seq >= 1),
    tracking_id tracking_no not null references complaint,
    at timestamptz not null,
    recorded_at timestamptz not null,
    kind event_word not null,
    actor_role role_word not null,
    actor_account text not null check (actor_account <> ''),
    actor_opd text,
    status status_word not null,
    facts jsonb not null check (jsonb_typeof(facts) = 'object'),
    idempotency_mac sha256, -- keyed hash of the command's idempotency key
    ciphertext bytea not null, -- text, actor's name, idempotency key, digest, answer: encrypted with the complaint's key
    prev_hash sha256 not null,
    hash sha256 not null,
    position bigint generated always as identity unique, -- for readers that go through all events; not part of the chain
    primary key (workflow_id, seq),
    constraint event_of_its_complaint check (workflow_id = 'complaint-' || tracking_id::text),
    constraint event_known_after_it_happened check (recorded_at >= at)
);
create unique index event_idempotency on event (workflow_id, idempotency_mac) where idempotency_mac is not null;
create index event_at on event using brin (at);
create index event_recorded on event using brin (recorded_at); -- for readers who ask what is new since a time
-- For auditors who search among all complaints, the newest first: by person, by OPD, by kind.
create index event_of_account on event (actor_account, position) where actor_role <> 'system';
create index event_of_opd on event ((coalesce(facts ->> 'opd', actor_opd)), position)
    where coalesce(facts ->> 'opd', actor_opd) is not null;
create index event_to_opds on event using gin ((facts -> 'opds')) where facts ? 'opds';
create index event_of_kind on event (kind, position);
-- what left an OPD without its final follow-up:
create index event_left_opd on event ((coalesce(facts ->> 'opd', actor_opd)), recorded_at) where kind in ('returned', 'withdrawn');

create function guard_event_chain() returns trigger language plpgsql as $$
declare
    predecessor bytea := decode(repeat('00', 32), 'hex');
begin
    if new.seq > 1 then
        select hash into predecessor from event where workflow_id = new.workflow_id and seq = new.seq - 1;
    end if;
    if predecessor is distinct from new.prev_hash::bytea then
        raise exception 'event % of % does not follow its predecessor', new.seq, new.workflow_id
            using errcode = 'KW001';
    end if;
    return null;
end $$;
create trigger chained after insert on event for each row execute function guard_event_chain();
create function note_handover() returns trigger language plpgsql as $$
begin
    insert into handover (tracking_id) select tracking_id from inbox where tracking_id = new.tracking_id
        on conflict (tracking_id) do nothing;
    return null;
end $$;
-- What had been passed on before it was imported went on elsewhere.
create trigger passed_on after insert on event for each row
    when (new.kind = 'passed_on' and not new.facts ? 'imported') execute function note_handover();
create trigger no_change before update or delete or truncate on event
    for each statement execute function refuse_change();
-- `always`: also in a session with session_replication_role = replica, where ordinary triggers do not fire.
alter table event enable always trigger chained;
alter table event enable always trigger no_change;

-- Acts beside the process ----------------------------------------------------------------------------------------------
-- What people do about a report without changing its state: they support it, and officials decide what of it the public sees.
-- `side_act` is the record, chained and sealed; the tables after it say what stands because of it, written in the same
-- transaction.

create table side_act (
    n bigint primary key check (n >= 1),
    at timestamptz not null,
    kind text not null check (kind in (
        'supported', 'unsupported', 'confirmed', 'released', 'redacted', 'noted', 'note_struck', 'reply_read')),
    tracking_id tracking_no not null references complaint,
    actor_role role_word, -- null: anyone, whom nobody knows
    actor_account text check (actor_account <> ''),
    facts jsonb not null check (jsonb_typeof(facts) = 'object'),
    data_key_id uuid not null references data_key,
    ciphertext bytea not null, -- the official's name, words, the supporter's keyed hash: encrypted with the complaint's key
    prev_hash sha256 not null,
    hash sha256 not null,
    constraint side_act_of_an_official_names_both check ((actor_role is null) = (actor_account is null))
);
create index side_act_of_complaint on side_act (tracking_id, n);

create trigger chained after insert on side_act for each row execute function guard_numbered_chain();
create trigger no_change before update or delete or truncate on side_act
    for each statement execute function refuse_change();
alter table side_act enable always trigger chained;
alter table side_act enable always trigger no_change;

-- Who was named in a note and has neither been shown it nor noted it as read: an entry among that person's work. On record is
-- the note, which says whom it names.
create table note_mention (
    note bigint not null references side_act,
    person text not null references person,
    tracking_id tracking_no not null references complaint,
    primary key (note, person)
);
create index note_mention_of_person on note_mention (person, note);

-- Who has which report open: a lease of a minute, renewed by the page while it is visible. No record, and no secret: it
-- lets colleagues at one queue not decide the same report twice.
create table presence (
    tracking_id tracking_no not null references complaint,
    person text not null check (person <> ''), -- whose account it is, in whatever role
    account text not null check (account <> ''),
    since timestamptz not null,
    seen_at timestamptz not null check (seen_at >= since),
    page text check (page <> ''), -- the page that was heard of last: another one, left meanwhile, takes nothing away
    primary key (tracking_id, person)
);
create index presence_seen on presence (seen_at);

-- A report's words as the public reads them, where that is not as the read model has them: passages were replaced, or the
-- Inspectorate released what stood of a report that is or was berkadar pengawasan. Gone once the report is rahasia or erased.
create table public_version (
    tracking_id tracking_no primary key references complaint,
    act bigint not null references side_act, -- the newest of them
    redacted text[] not null default '{}' check (redacted <@ array['title', 'body', 'place']),
    released_seq integer check (released_seq >= 1), -- the words and follow-ups up to this event; null: nothing was released
    why text check (why <> ''), -- of the newest redaction
    title text,
    body text,
    place text,
    search tsvector generated always as (
        setweight(to_tsvector('indonesian',
            replace(replace(coalesce(title, ''), '[disembunyikan]', ' '), '[disunting]', ' ')), 'A')
        || setweight(to_tsvector('indonesian',
            replace(replace(coalesce(body, ''), '[disembunyikan]', ' '), '[disunting]', ' ')), 'B')) stored,
    constraint public_version_says_why check (why is not null or redacted = '{}')
);
create function index_public_version() returns trigger language plpgsql as $$
begin
    update complaint set public_search = case when tg_op <> 'DELETE' then new.search end
        where tracking_id = coalesce(new.tracking_id, old.tracking_id);
    return null;
end $$;
create trigger indexed after insert or update or delete on public_version
    for each row execute function index_public_version();

-- The same of a follow-up in which passages were replaced.
create table public_follow_up (
    tracking_id tracking_no not null references complaint,
    seq integer not null check (seq >= 1), -- of its event
    act bigint not null references side_act,
    why text not null check (why <> ''),
    body text not null,
    primary key (tracking_id, seq)
);

-- Files that were released to the public, and pictures of which parts were blacked out: released or not yet. The redacted
-- picture is an object of its own beside the original; without one the public gets the variant without metadata.
create table public_file_version (
    attachment uuid primary key references attachment on delete cascade,
    tracking_id tracking_no not null references complaint,
    act bigint not null references side_act,
    released_seq integer check (released_seq >= 1), -- the complaint's last event when it was released; null: it was not
    released_at timestamptz,
    variant integer check (variant >= 1), -- which redacted picture; null: none
    variant_size bigint check (variant_size > 0),
    variant_key_id uuid references data_key,
    variant_details bytea, -- which encrypted object it is, encrypted with the complaint's key
    why text check (why <> ''), -- of the newest redaction
    constraint public_file_version_release_is_whole check ((released_seq is null) = (released_at is null)),
    constraint public_file_version_variant_is_whole check (
        (variant is null) = (variant_size is null) and (variant is null) = (variant_key_id is null)
        and (variant is null) = (variant_details is null) and (variant is null) = (why is null))
);
create index public_file_version_of_complaint on public_file_version (tracking_id);

-- Who supports a report ("saya juga"): once a browser, and once an e-mail address that was confirmed. It counts for the
-- report that its own was merged into. The address is deleted when the support ends.
create table support (
    tracking_id tracking_no not null references complaint,
    browser_mac sha256 not null, -- keyed hash of a random key that only the browser has
    token_mac sha256 not null unique, -- keyed hash of what the letters' link names
    since timestamptz not null,
    lang text not null check (lang in ('id', 'en')),
    email_mac sha256, -- keyed hash of the address, and
    email_key_id uuid references data_key,
    email bytea, -- the address, encrypted with the report's key
    asked_at timestamptz, -- since when the address waits to be confirmed, or had
    invited_at timestamptz, -- when its owner was asked
    confirmed_at timestamptz,
    told_status status_word, -- what its owner was last told, and on which local day
    told_on date,
    ended_at timestamptz,
    ended_why text check (ended_why in ('unsupported', 'not_public', 'erased')),
    primary key (tracking_id, browser_mac),
    constraint support_address_is_whole check (
        (email is null) = (email_mac is null) and (email is null) = (email_key_id is null)),
    constraint support_confirmed_has_been_asked check (confirmed_at is null or asked_at is not null),
    constraint support_ended_for_a_reason check ((ended_at is null) = (ended_why is null))
);
create index support_of_address on support (email_mac) where email_mac is not null;
create index support_with_address on support (tracking_id) where email is not null;

-- How many support a report, with those of the reports merged into it.
create table supporter_count (
    tracking_id tracking_no primary key references complaint,
    n integer not null check (n >= 0)
);

-- Counts anew; whoever else counts the same report waits, so that the last one has seen every support.
create function count_supporters(report text) returns void language plpgsql as $$
begin
    insert into supporter_count values (report, 0) on conflict do nothing;
    perform from supporter_count where tracking_id = report for update;
    update supporter_count set n = (
        select count(distinct coalesce(case when s.confirmed_at is not null then s.email_mac end, s.browser_mac))
        from support s
        where s.ended_at is null and (s.tracking_id = report
            or s.tracking_id in (select f.tracking_id from complaint f where f.main_report = report)))
    where tracking_id = report;
end $$;

-- What the public may know ---------------------------------------------------------------------------------------------
-- What shows something to strangers reads these views and nothing else of a complaint: `public_status` number, status and
-- dates, `public_report` the masked texts, `public_file` the released files. In neither is a report that no admin has verified, that is rahasia or was
-- concealed as such, or that was erased; in `public_report` also none that is or was berkadar pengawasan, unless the
-- Inspectorate released its words since. For an anonim report the time is the beginning of its day, and the point is rounded
-- to about a kilometre, as it is where words of the place were replaced.

create function public_time(at timestamptz, anonim boolean) returns timestamptz language sql immutable parallel safe
    return case when anonim -- the beginning of its day in Asia/Jakarta
        then date_trunc('day', at at time zone interval '7 hours') at time zone interval '7 hours' else at end;

-- What both are made of. `unnamed`: anonim from the start, or concealed since; each half can be read in the order of shown_at.
create view verified_report as
select c.*, c.anonim as unnamed, public_time(c.received_at, c.anonim) as shown_at from complaint c
where c.verified_at is not null and not c.rahasia and c.erased_at is null
    and not exists (select from concealment k where k.tracking_id = c.tracking_id)
union all
select c.*, true, public_time(c.received_at, true) from complaint c join concealment k on k.tracking_id = c.tracking_id
where c.verified_at is not null and not c.rahasia and c.erased_at is null and not k.rahasia;

create view public_status as
select c.tracking_id, c.workflow_id, c.instansi, c.status, c.unnamed as anonim, c.shown_at as received_at
from verified_report c;

create index event_pengawasan on event (workflow_id) where facts -> 'pengawasan' = 'true'::jsonb;
create view public_report as
select c.tracking_id, c.workflow_id, c.instansi, c.status, c.category,
    case when p.act is null then c.title else p.title end as title,
    case when p.act is null then c.body else p.body end as body,
    case when p.act is null then c.place else p.place end as place,
    case when c.unnamed or 'place' = any (p.redacted)
        then round(c.latitude::numeric, 2)::double precision else c.latitude end as latitude,
    case when c.unnamed or 'place' = any (p.redacted)
        then round(c.longitude::numeric, 2)::double precision else c.longitude end as longitude,
    c.unnamed as anonim, c.shown_at as received_at, c.search,
    case when 'place' = any (p.redacted) then null else c.area end as area,
    public_time(c.first_forwarded_at, c.unnamed) as first_forwarded_at,
    public_time(c.first_follow_up_at, c.unnamed) as first_follow_up_at,
    public_time(c.completed_at, c.unnamed) as completed_at,
    p.released_seq as words_until, -- of a released one: the event up to which its words are public
    p.why as redacted_why, coalesce(s.n, 0) as supporters
from verified_report c
    left join public_version p on p.tracking_id = c.tracking_id
    left join supporter_count s on s.tracking_id = c.tracking_id
where (p.released_seq is not null or not c.pengawasan)
    and not exists (select from event e where e.workflow_id = c.workflow_id
        and e.facts -> 'pengawasan' = 'true'::jsonb and e.seq > coalesce(p.released_seq, 0));
create index complaint_public on complaint (instansi, public_time(received_at, anonim))
    where not rahasia and erased_at is null and verified_at is not null;

create view public_file as
select f.attachment, f.tracking_id, c.instansi, a.media_type, coalesce(f.variant_size, a.public_size) as size,
    f.released_at, f.why as redacted_why
from public_file_version f
join attachment a on a.id = f.attachment
join public_report c on c.tracking_id = f.tracking_id
where f.released_seq is not null and coalesce(f.variant_size, a.public_size) is not null
    and not exists (select from event e where e.workflow_id = c.workflow_id
        and e.facts -> 'pengawasan' = 'true'::jsonb and e.seq > f.released_seq);

-- What is public, kept for who counts and searches -------------------------------------------------------------------------
-- Both follow the view above, whatever it says: a table on which it rests has the trigger `published`. The publicity
-- stands in the spans, from which the recap counts; `board_entry` has what the board filters, searches and orders by.

create view report_publicity as
select c.tracking_id, case when p.tracking_id is not null then 'public'
    when c.rahasia or c.erased_at is not null
        or exists (select from concealment k where k.tracking_id = c.tracking_id and k.rahasia) then 'rahasia'
    when c.verified_at is null then 'unverified' else 'pengawasan' end as publicity,
    left(p.area, 8) as area -- no smaller one: few reports tell of each other
from complaint c left join public_report p on p.tracking_id = c.tracking_id;

-- One index finds words and every filter: a filter's value is a word that no text contains, since it has a space.
create table board_entry (
    tracking_id tracking_no primary key references complaint,
    instansi code_word not null,
    shown_at timestamptz not null, -- of receipt, as the public knows it
    status status_word not null, -- apart, since the newest reports have another than most
    found_by tsvector not null
);
alter table board_entry alter found_by set statistics 1000; -- which words are too frequent to tell reports apart
create index board_entry_order on board_entry (instansi, shown_at desc, tracking_id desc);
create index board_entry_order_of_all on board_entry (shown_at desc, tracking_id desc);
create index board_entry_order_of_status on board_entry (instansi, status, shown_at desc, tracking_id desc);
create index board_entry_found on board_entry using gin (found_by);

create view board_listing as -- what board_entry has to hold
select p.tracking_id, p.instansi, p.received_at as shown_at, p.status, p.search || array_to_tsvector(array(
    select 'instansi ' || p.instansi
    -- So that what is frequent is found by few days or months, and an agency's by few entries:
    union select 'day ' || recap_day(p.received_at)
    union select 'month ' || recap_month(p.received_at)
    union select 'day ' || p.instansi || ' ' || recap_day(p.received_at)
    union select 'month ' || p.instansi || ' ' || recap_month(p.received_at)
    union select 'leaf ' || left(p.category, 100) where p.category is not null
    union select 'main ' || left(split_part(p.category, ' / ', 1), 100) where p.category is not null
    union select 'opd ' || l.code from complaint_opd l
        where l.tracking_id = p.tracking_id and l.state in ('owes', 'final')
    union select 'area ' || left(p.area, n) from unnest(array[5, 8, 13]) as n where p.area is not null
    union select 'place ' || left(word, 100) from unnest(tsvector_to_array(to_tsvector('simple', coalesce(p.place, '')))) as word
)) as found_by
from public_report p;

-- Whoever calls it holds the complaint's row locked, and so sees what was published or hidden before.
create function follow_board(number text) returns void language plpgsql as $$
begin
    delete from board_entry where tracking_id = number
        and not exists (select from public_report p where p.tracking_id = number);
    insert into board_entry as b select * from board_listing where tracking_id = number
    on conflict (tracking_id) do update set shown_at = excluded.shown_at, status = excluded.status,
        found_by = excluded.found_by
        where (b.shown_at, b.status, b.found_by)
            is distinct from (excluded.shown_at, excluded.status, excluded.found_by);
end $$;

-- Two statements, so that the second sees what others committed while the first waited for the row.
create function published() returns trigger language plpgsql as $$
begin
    perform from complaint where tracking_id = new.tracking_id for update;
    update status_span s set publicity = p.publicity, area = p.area from report_publicity p
        where s.tracking_id = new.tracking_id and p.tracking_id = new.tracking_id
            and (s.publicity, s.area) is distinct from (p.publicity, p.area);
    perform follow_board(new.tracking_id);
    return null;
end $$;
create trigger published after insert or update on concealment for each row execute function published();
create trigger published after update of erased_at, area on complaint for each row
    when ((new.erased_at, new.area) is distinct from (old.erased_at, old.area)) execute function published();

create trigger published after insert or update on public_version for each row execute function published();

-- After a bulk load without triggers; before recap_rebuild(), if that is needed too.
create function publicity_rebuild() returns void language plpgsql as $$
begin
    lock table complaint, concealment in share row exclusive mode;
    update status_span s set publicity = p.publicity, area = p.area from report_publicity p
        where p.tracking_id = s.tracking_id and (s.publicity, s.area) is distinct from (p.publicity, p.area);
    truncate board_entry;
    insert into board_entry select * from board_listing;
end $$;

-- Steps that the database refused: an accepted report whose start is not on record, or a later step that is missing. A code
-- only, never a value. Once the step is on record, the next round of the reconciler removes the row.
create table unrecorded (
    tracking_id tracking_no primary key,
    seq integer not null check (seq >= 1), -- of the first event of the step
    reason text not null check (reason ~ '^[a-z_]+(:[A-Za-z0-9_]+)?$'),
    first_at timestamptz not null default now(),
    last_at timestamptz not null default now(),
    times integer not null default 1 check (times >= 1)
);

-- Who read protected data, and what was refused; with its own numbering, without gaps.
create table access_log (
    n bigint primary key check (n >= 1),
    at timestamptz not null,
    kind text not null check (kind in (
        'refused', 'read_report', 'read_identity', 'read_history', 'exported', 'decoded', 'key_destroyed', 'key_rotated',
        'erased', 'verified', 'reviewed', 'administered', 'signed_in', 'sign_in_failed', 'signed_out', 'session_revoked')),
    actor_role role_word not null,
    actor_account text not null check (actor_account <> ''),
    actor_opd text,
    tracking_id tracking_no,
    facts jsonb not null check (jsonb_typeof(facts) = 'object'),
    data_key_id uuid not null references data_key,
    ciphertext bytea not null,
    prev_hash sha256 not null,
    hash sha256 not null
);
create index access_log_of_complaint on access_log (tracking_id) where tracking_id is not null;
create index access_log_of_account on access_log (actor_account, n);
create index access_log_of_kind on access_log (kind, n);
create index access_log_at on access_log using brin (at);

create trigger chained after insert on access_log for each row execute function guard_numbered_chain();
create trigger no_change before update or delete or truncate on access_log
    for each statement execute function refuse_change();
alter table access_log enable always trigger chained;
alter table access_log enable always trigger no_change;

-- A person's data: found by any of their contacts, erased on request ------------------------------------------------------

-- Keyed hashes of the contacts that reports came with: a person's reports are found by any of them, and no contact can
-- be learned from here. Written with the first decision of an official, so that nobody can have contacts of their choice
-- hashed here by sending reports, and compare. Deleted when the report is erased.
create table reporter_contact (
    contact_mac sha256 not null,
    tracking_id tracking_no not null references inbox (tracking_id),
    primary key (contact_mac, tracking_id)
);
create index reporter_contact_of_report on reporter_contact (tracking_id);

-- Keyed hashes of the (stemmed) words of rahasia reports, each once per report: for finding similar reports and searching
-- by those who may read them. It shows which reports share words and how common a word is, not which word it is. Written
-- with the first decision of an official, as reporter_contact is. Deleted when the report is erased.
create table rahasia_word (
    word_mac sha256 not null,
    tracking_id tracking_no not null references complaint,
    primary key (word_mac, tracking_id)
);
create index rahasia_word_of_report on rahasia_word (tracking_id);

-- What was erased, when, by whom and on what ground; its attachments' objects are deleted right after the transaction.
create table erasure (
    tracking_id tracking_no primary key,
    instansi code_word, -- null: erased again after a restore to a time before its start
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

-- Notices ------------------------------------------------------------------------------------------------------------

create table outbox (
    id bigint generated always as identity primary key,
    workflow_id text not null,
    seq integer not null,
    tracking_id tracking_no not null, -- the recipient's own report: a follower's differs from the event's
    n integer not null check (n >= 0),
    kind text not null check (kind ~ '^[a-z_]+$'),
    to_role text not null check (to_role ~ '^[a-z_]+$'),
    to_opd text,
    channel text not null check (channel ~ '^[a-z_0-9]+$'),
    body bytea, -- encrypted with the data key of tracking_id; null where that had been destroyed before
    status text not null default 'pending' check (status in ('pending', 'underway', 'sent', 'not_sent', 'failed')),
    attempts integer not null default 0 check (attempts >= 0),
    next_try_at timestamptz not null default now(),
    last_error text,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    unique (workflow_id, seq, tracking_id, n),
    foreign key (workflow_id, seq) references event (workflow_id, seq),
    constraint outbox_sent_has_its_time check ((status = 'sent') = (sent_at is not null)),
    constraint outbox_pending_has_a_body check (status <> 'pending' or body is not null)
);
create index outbox_pending on outbox (next_try_at) where status = 'pending';
create index outbox_of_complaint on outbox (tracking_id);
create index outbox_failed on outbox (id) where status = 'failed';

-- Messages to telephones: a notice's short form, an answer to somebody's message, a link again. A notice that went this way is
-- `underway` until the provider reports that it arrived.
create table outgoing_message (
    id bigint generated always as identity primary key,
    reference uuid not null unique default gen_random_uuid(), -- what the provider repeats in its delivery reports
    tracking_id tracking_no references inbox (tracking_id), -- null: of no report; then `body` is under the system's key
    notice_id bigint unique references outbox,
    once_mac sha256 unique, -- keyed hash of what it is for: put twice it is one message
    kind text not null check (kind ~ '^[a-z_]+$'),
    answers boolean not null, -- whether it answers what was just sent, also at night
    body bytea, -- number and words, encrypted; null once they are no longer needed
    gateway text, -- to which it was handed
    status text not null default 'pending'
        check (status in ('pending', 'accepted', 'delivered', 'not_sent', 'failed')),
    attempts integer not null default 0 check (attempts >= 0),
    next_try_at timestamptz not null default now(),
    last_error text,
    created_at timestamptz not null default now(),
    accepted_at timestamptz,
    ended_at timestamptz,
    constraint outgoing_message_pending_has_a_body check (status <> 'pending' or body is not null)
);
create index outgoing_message_pending on outgoing_message (next_try_at) where status = 'pending';
create index outgoing_message_of_complaint on outgoing_message (tracking_id);

-- Files that came with messages and lie with their gateway: to be fetched after the message was taken, or given up.
create table message_medium (
    id bigint generated always as identity primary key,
    tracking_id tracking_no not null references inbox (tracking_id),
    gateway text not null,
    once_mac sha256 not null unique, -- keyed hash of message and place in it: a message delivered twice has its files once
    body bytea not null, -- where it is and who sent it, encrypted with the complaint's key
    status text not null default 'pending' check (status in ('pending', 'taken', 'given_up')),
    attachment_id uuid, -- as what it was taken
    attempts integer not null default 0 check (attempts >= 0),
    next_try_at timestamptz not null default now(),
    last_error text,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    constraint message_medium_ended_has_its_time check ((status = 'pending') = (ended_at is null))
);
create index message_medium_pending on message_medium (next_try_at) where status = 'pending';
create index message_medium_of_complaint on message_medium (tracking_id);

-- When somebody last wrote by a gateway, as keyed hashes: for a day WhatsApp lets them be answered in any words.
create table message_window (
    gateway text not null,
    sender_mac sha256 not null, -- the same keyed hash as conversation's
    last_at timestamptz not null default now(),
    primary key (gateway, sender_mac)
);

-- Proof and history archive --------------------------------------------------------------------------------------------

-- Each run's whole history in Temporal's protobuf JSON (its payloads stay encrypted), compressed; numbered without gaps in
-- the order in which they came in. Retention may remove the body, never the row: its hashes keep proving what it was.
create table history_archive (
    workflow_id text not null,
    run_id text not null,
    close_status text not null check (close_status <> ''),
    started_at timestamptz not null,
    closed_at timestamptz not null,
    events integer not null check (events >= 1),
    compression text not null check (compression <> ''),
    body bytea, -- null once pruned
    body_hash sha256 not null,
    prev_hash sha256 not null,
    hash sha256 not null,
    archived_at timestamptz not null default now(),
    n bigint not null check (n >= 1),
    pruned_at timestamptz,
    pruned_by text check (pruned_by <> ''),
    primary key (workflow_id, run_id),
    constraint history_archive_order unique (n),
    constraint history_archive_is_there_or_pruned check (
        (body is null) = (pruned_at is not null) and (pruned_at is null) = (pruned_by is null))
);

create function guard_history_archive() returns trigger language plpgsql as $$
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
create trigger chained after insert on history_archive for each row execute function guard_numbered_chain();
create trigger guard before update on history_archive for each row execute function guard_history_archive();
create trigger no_change before delete or truncate on history_archive
    for each statement execute function refuse_change();
alter table history_archive enable always trigger chained;
alter table history_archive enable always trigger guard;
alter table history_archive enable always trigger no_change;

-- The archiver's rounds, and the closed runs known but not archived yet; `gone_at`: when the engine was found to have
-- deleted it.
create table history_archive_round (
    id bigint generated always as identity primary key,
    began_at timestamptz not null default now(),
    ended_at timestamptz,
    whole boolean not null, -- covered all runs that the engine still lists, not only those closed lately
    found integer not null default 0 check (found >= 0),
    archived integer not null default 0 check (archived >= 0),
    waiting integer not null default 0 check (waiting >= 0)
);
create table history_archive_due (
    workflow_id text not null,
    run_id text not null,
    closed_at timestamptz, -- null: not listed, known only from the run after it
    found_at timestamptz not null default now(),
    retention interval not null, -- the engine's own setting when it was found
    attempts integer not null default 0 check (attempts >= 0),
    last_error text check (last_error ~ '^[a-z_]+$'),
    gone_at timestamptz,
    primary key (workflow_id, run_id)
);

-- Keys that sign for the installation. The first one's id names the log; each later one is endorsed by the one before.
create table signing_key (
    signing_key_id text primary key check (signing_key_id ~ '^[0-9a-f]{64}$'), -- SHA-256 of the public key
    public_key bytea not null unique check (octet_length(public_key) = 32), -- Ed25519
    encrypted_private bytea, -- encrypted with the system key; null once retired
    created_at timestamptz not null,
    retired_at timestamptz,
    endorsed_by text references signing_key, -- null: the first
    endorsement bytea not null check (octet_length(endorsement) = 64),
    constraint signing_key_signs_or_is_retired check ((encrypted_private is null) = (retired_at is not null)),
    constraint signing_key_runs_forward check (retired_at >= created_at)
);
create unique index signing_key_current on signing_key ((true)) where retired_at is null;
create unique index signing_key_successor on signing_key (coalesce(endorsed_by, ''));
create function guard_signing_key() returns trigger language plpgsql as $$
begin
    if old.retired_at is not null or row(new.signing_key_id, new.public_key, new.created_at, new.endorsed_by, new.endorsement)
        is distinct from row(old.signing_key_id, old.public_key, old.created_at, old.endorsed_by, old.endorsement) then
        raise exception 'signing key %: it can only be retired, or encrypted anew', old.signing_key_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
create trigger guard before update on signing_key for each row execute function guard_signing_key();
create trigger no_change before delete or truncate on signing_key for each statement execute function refuse_change();

-- One Merkle tree (RFC 9162) over all rows of the chains: its signed heads, which rows are at which leaves, its hashes.
create table log_head (
    size bigint primary key check (size >= 1),
    root sha256 not null,
    at timestamptz not null,
    signing_key_id text not null references signing_key,
    signature bytea not null check (octet_length(signature) = 64)
);
create table log_range (
    first_leaf bigint primary key check (first_leaf >= 0),
    leaves integer not null check (leaves >= 1),
    source text not null check (source in ('event', 'access', 'history_archive', 'side_act')),
    after_position bigint not null, -- the rows that come after this position
    last_position bigint not null, -- and up to this one, in their order, are its leaves
    head bigint not null references log_head, -- that sealed them
    constraint log_range_runs_forward check (last_position > after_position)
);
create unique index log_range_up_to on log_range (source, last_position);
-- 256 hashes per row: of leaves (level 0), or each of 256 hashes of the level below (1, 2, …). A level's last row grows.
create table log_tile (
    level smallint not null check (level between 0 and 7),
    n bigint not null check (n >= 0),
    hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
    names text, -- of leaves: chain and number, one per line; tells which row is missing, and is no part of the proof
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
-- The last head that each channel of publication has published.
create table log_published (
    way text primary key check (way ~ '^[a-z]+$'),
    size bigint not null references log_head,
    at timestamptz not null default now()
);

-- Quality of follow-ups, and what else an agency is assessed by -------------------------------------------------------

-- A random sample of final follow-ups (kawal/domain/quality.py): all that anyone needs to draw it again.
create table quality_draw (
    id bigint generated always as identity primary key,
    instansi code_word not null references instansi,
    opd code_word, -- null: all OPDs; else as the follow-ups name it
    from_day date not null,
    to_day date not null, -- local days on which they were given, both inclusive
    seed text not null check (seed ~ '^[!-~]{1,200}$'),
    seed_source text not null check (seed_source ~ '^(given|head:[0-9]+)$'),
    size integer not null check (size between 1 and 1000),
    candidates integer not null check (candidates >= 1),
    population_digest sha256 not null,
    last_position bigint not null, -- of the newest event considered
    drawn_at timestamptz not null,
    drawn_by_role role_word not null,
    drawn_by text not null check (drawn_by <> ''),
    constraint quality_draw_runs_forward check (to_day >= from_day)
);
-- Nobody can redraw the same follow-ups until they like the sample.
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
    ciphertext bytea not null, -- grounds and the reviewer's name, encrypted with the complaint's key
    reviewed_at timestamptz not null,
    unique (draw, place, reviewer, revision),
    foreign key (draw, place) references quality_item
);

-- The SK (decree) and the action plan (rencana aksi). Each row holds its entry in full: a correction, or an
-- item's progress, is the next revision, and the last one counts. The agency itself publishes what is here.
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
    first_revision integer generated always as (1) stored, -- of the plan: one that always exists
    title text not null check (length(title) between 1 and 200),
    state text not null check (state in ('not_begun', 'under_way', 'done')),
    on_day date not null, -- since when it has this state
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

-- One step of a complaint: its events, the read model after them, and its notices. One call is one transaction and one
-- round trip. KW001: the step does not follow what is recorded; the caller checks whether it is recorded already.
create function record_step(
    snapshot jsonb, words jsonb, opds jsonb, clocks jsonb, places jsonb, main_of text[], events new_event[],
    notices new_notice[]
) returns void language plpgsql as $$
declare
    row_now complaint := jsonb_populate_record(null::complaint, snapshot);
    stood complaint;
    first_seq integer := events[1].seq;
    shown report_publicity;
begin
    select * into stood from complaint where tracking_id = row_now.tracking_id for update;
    if first_seq is distinct from coalesce(stood.last_seq, 0) + 1
            or events[1].tracking_id is distinct from row_now.tracking_id::text
            or row_now.last_seq <> first_seq + cardinality(events) - 1 then
        raise exception 'step % of % does not follow %', first_seq, row_now.tracking_id, coalesce(stood.last_seq, 0)
            using errcode = 'KW001';
    end if;
    -- Text comes with the events that change it; what a later event does not bring stays as it is.
    row_now.title := stood.title; row_now.body := stood.body; row_now.place := stood.place;
    row_now.latitude := stood.latitude; row_now.longitude := stood.longitude;
    row_now.occurred_on := stood.occurred_on; row_now.area := stood.area; row_now.erased_at := stood.erased_at;
    row_now.offices := array(
        select mark || code from jsonb_to_recordset(opds) as l(code text, state text), (values ('sent ', '{}'::text[]),
            ('with ', array['owes', 'final']), ('done ', array['final'])) as m (mark, states)
        where states = '{}' or state = any (states) order by 1);
    if words is not null and stood.erased_at is null then
        row_now := jsonb_populate_record(row_now, words);
    end if;
    if row_now.rahasia then
        row_now.title := null; row_now.body := null; row_now.place := null;
        row_now.latitude := null; row_now.longitude := null; row_now.occurred_on := null; row_now.area := null;
        if not coalesce(stood.rahasia, false) then
            delete from public_version where tracking_id = row_now.tracking_id;
            delete from public_follow_up where tracking_id = row_now.tracking_id;
            delete from public_file_version where tracking_id = row_now.tracking_id;
        end if;
    elsif words is not null and stood.erased_at is null then
        -- What was replaced stays so; what was released stays as it was then.
        update public_version set
            title = case when 'title' = any (redacted) then title else row_now.title end,
            body = case when 'body' = any (redacted) then body else row_now.body end,
            place = case when 'place' = any (redacted) then place else row_now.place end
            where tracking_id = row_now.tracking_id and released_seq is null;
    end if;
    -- A main report that was itself merged took its followers along; their own workflows do not know.
    if stood.status = 'digabung' then
        row_now.main_report := stood.main_report;
    end if;

    insert into complaint (
        tracking_id, instansi, status, channel, report_class, pengawasan, category, anonim, rahasia, received_at,
        verified_at, first_forwarded_at, first_follow_up_at, completed_at, closed_at, closed_by,
        work_days_to_follow_up, work_days_to_completion, rating, rated_via, main_report, next_deadline, overdue,
        ever_late, item_open, item_opened_at, item_why, item_done_late, level, ever_level, said, said_seq, said_at,
        extension_days, instructed_to, offices, policy_version, calendar_version, last_seq,
        title, body, place, latitude, longitude, occurred_on, area, erased_at)
    values (
        row_now.tracking_id, row_now.instansi, row_now.status, row_now.channel, row_now.report_class,
        row_now.pengawasan, row_now.category, row_now.anonim, row_now.rahasia, row_now.received_at,
        row_now.verified_at, row_now.first_forwarded_at, row_now.first_follow_up_at, row_now.completed_at,
        row_now.closed_at, row_now.closed_by, row_now.work_days_to_follow_up, row_now.work_days_to_completion,
        row_now.rating, row_now.rated_via, row_now.main_report, row_now.next_deadline, row_now.overdue,
        row_now.ever_late, row_now.item_open, row_now.item_opened_at, row_now.item_why, row_now.item_done_late,
        row_now.level, row_now.ever_level, row_now.said, row_now.said_seq, row_now.said_at, row_now.extension_days,
        row_now.instructed_to, row_now.offices, row_now.policy_version, row_now.calendar_version, row_now.last_seq, row_now.title,
        row_now.body, row_now.place, row_now.latitude, row_now.longitude, row_now.occurred_on, row_now.area,
        row_now.erased_at)
    on conflict (tracking_id) do update set
        status = excluded.status, report_class = excluded.report_class, pengawasan = excluded.pengawasan,
        category = excluded.category, anonim = excluded.anonim, rahasia = excluded.rahasia,
        verified_at = excluded.verified_at, first_forwarded_at = excluded.first_forwarded_at,
        first_follow_up_at = excluded.first_follow_up_at, completed_at = excluded.completed_at,
        closed_at = excluded.closed_at, closed_by = excluded.closed_by,
        work_days_to_follow_up = excluded.work_days_to_follow_up,
        work_days_to_completion = excluded.work_days_to_completion, rating = excluded.rating, rated_via = excluded.rated_via,
        main_report = excluded.main_report, next_deadline = excluded.next_deadline,
        overdue = excluded.overdue, ever_late = excluded.ever_late, item_open = excluded.item_open,
        item_opened_at = excluded.item_opened_at, item_why = excluded.item_why, item_done_late = excluded.item_done_late, level = excluded.level,
        ever_level = excluded.ever_level, said = excluded.said, said_seq = excluded.said_seq, said_at = excluded.said_at,
        extension_days = excluded.extension_days, instructed_to = excluded.instructed_to, offices = excluded.offices,
        policy_version = excluded.policy_version,
        calendar_version = excluded.calendar_version, last_seq = excluded.last_seq, title = excluded.title,
        body = excluded.body, place = excluded.place, latitude = excluded.latitude, longitude = excluded.longitude,
        occurred_on = excluded.occurred_on, area = excluded.area;

    insert into event select (new).* from unnest(events) as new order by (new).seq;

    delete from complaint_opd where tracking_id = row_now.tracking_id;
    insert into complaint_opd (
        tracking_id, instansi, place, code, state, forwarded_at, received_at, first_follow_up_at, final_at, late, overdue,
        follow_up_days, final_days)
    select row_now.tracking_id, row_now.instansi, l.place, l.code, l.state, l.forwarded_at, l.received_at,
           l.first_follow_up_at, l.final_at, l.late, l.overdue, l.follow_up_days, l.final_days
    from jsonb_to_recordset(opds) as l(place integer, code text, state text, forwarded_at timestamptz,
        received_at timestamptz, first_follow_up_at timestamptz, final_at timestamptz, late boolean, overdue boolean,
        follow_up_days integer, final_days integer);
    delete from complaint_clock where tracking_id = row_now.tracking_id;
    insert into complaint_clock (
        tracking_id, kind, opd, owed_by, started_at, deadline, paused_since, breached_at, provisional, rungs)
    select row_now.tracking_id, c.kind, c.opd, c.owed_by, c.started_at, c.deadline, c.paused_since, c.breached_at,
           c.provisional, c.rungs
    from jsonb_to_recordset(clocks) as c(kind text, opd text, owed_by text, started_at timestamptz,
        deadline timestamptz, paused_since timestamptz, breached_at timestamptz, provisional boolean, rungs integer);

    -- Places come twice: as they are, and as they are once somebody noted as read what the reporter said.
    perform follow_queues(row_now.tracking_id, places -> (exists (
        select from reply_read r where r.tracking_id = row_now.tracking_id and r.seq >= row_now.said_seq))::integer);

    select * into shown from report_publicity where tracking_id = row_now.tracking_id;
    perform follow_spans(row_now, opds, events, shown.publicity, shown.area);
    perform follow_board(row_now.tracking_id);

    insert into outbox (workflow_id, seq, tracking_id, n, kind, to_role, to_opd, channel, body, status, last_error)
    select (new).*, case when (new).body is null then 'not_sent' else 'pending' end,
           case when (new).body is null then 'erased' end
    from unnest(notices) as new
    on conflict do nothing;

    if array_length(main_of, 1) > 0 then
        update complaint set main_report = row_now.tracking_id
            where tracking_id = any (main_of) and status = 'digabung';
        perform count_supporters(row_now.tracking_id)
            where exists (select from support s where s.tracking_id::text = any (main_of));
    end if;
    if row_now.status = 'digabung' and stood.status is distinct from 'digabung'
            and exists (select from support s where s.tracking_id = row_now.tracking_id) then
        perform count_supporters(row_now.main_report);
    end if;

    -- Whoever watches is told once this is committed (kawal/store/changes.py). Commits that tell wait in one line, for the
    -- whole database: so a start (of a wave, or an import) and a recomputation are told by agency, by whoever causes many.
    if events[1].kind not in ('started', 'recomputed') then
        perform pg_notify('kawal_changes', row_now.tracking_id || ':' || row_now.last_seq || ':' || row_now.instansi);
    end if;
end $$;

-- What the application has done for it by the owner: to wait until no step is being written, and keep new ones from beginning
-- until the end of the transaction. To lock the table so needs the right to change its rows, which nobody has.
create function wait_for_steps() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
    lock table event in share mode;
end $$;

-- How the last try went to reach what lies outside: each mailbox, the mail server; and that the listener of letters listens. For
-- the health page alone: it is no record and names nobody.
create table last_try (
    what text primary key check (what ~ '^(mailbox/[a-z0-9-]{1,40}|mail_server|listener)$'),
    tried_at timestamptz not null,
    reached_at timestamptz, -- when a try succeeded last
    failing_since timestamptz, -- null: the last one succeeded
    reason text check (reason ~ '^[A-Za-z0-9_ ()-]{1,80}$'), -- an error's name and code, nothing that a server says
    constraint last_try_fails_for_a_reason check ((failing_since is null) = (reason is null))
);

-- What would have become of an agency's reports under another policy: asked by its officials, reckoned in the background, and
-- kept for a while. It is no record, and holds of a report nothing but its number and in which figures it counts.
create table what_if (
    number bigint generated always as identity primary key,
    instansi code_word not null references instansi,
    digest text not null check (digest ~ '^[0-9a-f]{64}$'), -- of the question
    question jsonb not null,
    asked_role role_word not null,
    asked_account text not null check (asked_account <> ''),
    asked_at timestamptz not null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'cancelled', 'failed')),
    total integer check (total >= 0), -- reports to be gone through; null until they are counted
    done integer not null default 0 check (done >= 0),
    after_at timestamptz, -- the receipt and the number of the last one gone through
    after_number tracking_no,
    sums jsonb not null default '{}',
    ended_at timestamptz,
    constraint what_if_ended_has_its_time check ((state in ('waiting', 'running')) = (ended_at is null)),
    constraint what_if_place_is_whole check ((after_at is null) = (after_number is null))
);
create unique index what_if_once on what_if (instansi, digest) where state in ('waiting', 'running', 'done');
create unique index what_if_one_at_a_time on what_if (instansi) where ended_at is null;

create table what_if_report (
    asked bigint not null references what_if on delete cascade,
    tracking_id tracking_no not null,
    received_at timestamptz not null,
    was text[] not null,
    would text[], -- null: it cannot be told
    primary key (asked, tracking_id)
);
create index what_if_report_order on what_if_report (asked, received_at desc, tracking_id desc);

-- What officials see ----------------------------------------------------------------------------------------------------
-- The second wall behind kawal/domain/access.py, for the readings of officials: each scope has a role of its own (`kawal_web_…`),
-- which the application becomes for one transaction (kawal/store/scoped.py) and which reads and does nothing else. So a scope has
-- one policy for a table, and no OR keeps the planner from an index. Whose agency, OPD or account it is stands in settings;
-- where one is missing nothing is seen. Which tables a role may read at all stands at the end of this file.

create function web_instansi() returns text language sql stable parallel safe as $$
    select nullif(current_setting('kawal.instansi', true), '') $$;
create function web_opd() returns text language sql stable parallel safe as $$
    select nullif(current_setting('kawal.opd', true), '') $$;
create function web_account() returns text language sql stable parallel safe as $$
    select nullif(current_setting('kawal.account', true), '') $$;

-- What belongs to a complaint asks a function: of a subquery the planner might make a list of all complaints first.
-- Whose a complaint is; null: there is none of that number.
create function agency_of(number text) returns text language sql stable security definer set search_path = public, pg_temp as $$
    select c.instansi::text from complaint c where c.tracking_id = number $$;
-- Whether it came up to the caller.
create function came_up(number text) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from complaint c
        where c.tracking_id = number and c.instansi = web_instansi() and c.ever_level >= 2) $$;
-- Whether the caller's OPD was ever given a complaint, or the report that it was merged into.
create function opd_was_sent(number text, main text) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from complaint_opd o
        where o.tracking_id in (number, main) and o.code = web_opd() and o.instansi = web_instansi()) $$;
create function opd_sees(number text) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from complaint c join complaint_opd o on o.tracking_id in (c.tracking_id, c.main_report)
        where c.tracking_id = number and c.instansi = web_instansi() and o.code = web_opd()) $$;
-- Whether it may read what was written in it: of a rahasia report only while it has it.
create function opd_may_read(number text) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from complaint c join complaint_opd o on o.tracking_id in (c.tracking_id, c.main_report)
        where c.tracking_id = number and c.instansi = web_instansi() and o.code = web_opd()
            and (o.state not in ('returned', 'withdrawn') or not (c.rahasia or exists (
                select from concealment k where k.tracking_id = c.tracking_id and k.rahasia)))) $$;
-- Whether the caller registered it at the desk.
create function desk_registered(number text) returns boolean
    language sql stable security definer set search_path = public, pg_temp as $$
    select exists (select from event e where e.workflow_id = 'complaint-' || number and e.seq = 1
        and e.actor_role = 'desk' and e.actor_account = web_account()) $$;

do $$
declare
    of_agency constant text[] := array['complaint', 'status_span', 'recap_tally', 'recap_pending', 'work_tally', 'work_pending', 'account',
        'office_address', 'inbox', 'tray_item', 'erasure', 'quality_draw', 'decree', 'action_plan', 'what_if'];
    of_complaint constant text[] := array['complaint_opd', 'complaint_clock', 'concealment', 'event', 'attachment',
        'raw_letter', 'side_act', 'note_mention', 'public_version', 'public_follow_up', 'public_file_version', 'supporter_count', 'outbox',
        'outgoing_message', 'quality_item', 'tray_item_report', 'report_advice', 'reply_read', 'reconcile_finding'];
    apart constant text[] := array['access_log', 'history_archive', 'quality_review', 'action_item', 'queue_place', 'what_if_report'];
    one text;
begin
    foreach one in array of_agency || of_complaint || apart loop
        execute format('alter table %I enable row level security', one);
        execute format('create policy application on %I to kawal_app using (true) with check (true)', one);
        execute format('create policy every on %I for select to kawal_web_every using (true)', one);
    end loop;
    foreach one in array of_agency loop
        execute format('create policy agency on %I for select to kawal_web_agency using (instansi = web_instansi())', one);
    end loop;
    foreach one in array of_complaint loop -- as far as the complaint is seen
        execute format('create policy agency on %I for select to kawal_web_agency'
            ' using (agency_of(tracking_id) = web_instansi())', one);
    end loop;
    foreach one in array array['complaint_opd', 'complaint_clock', 'concealment', 'reply_read', 'reconcile_finding',
            'supporter_count'] loop
        execute format('create policy opd on %I for select to kawal_web_opd using (opd_sees(tracking_id))', one);
        execute format('create policy leadership on %I for select to kawal_web_leadership using (came_up(tracking_id))', one);
        execute format('create policy desk on %I for select to kawal_web_desk'
            ' using (agency_of(tracking_id) = web_instansi())', one);
    end loop;
    foreach one in array array['event', 'attachment', 'raw_letter', 'side_act', 'note_mention', 'public_version', 'public_follow_up',
            'public_file_version', 'report_advice'] loop
        execute format('create policy opd on %I for select to kawal_web_opd using (opd_may_read(tracking_id))', one);
    end loop;
    foreach one in array array['event', 'attachment', 'report_advice'] loop
        execute format('create policy desk on %I for select to kawal_web_desk using (desk_registered(tracking_id))', one);
    end loop;
    foreach one in array array['status_span', 'recap_tally', 'recap_pending', 'work_tally', 'work_pending', 'what_if'] loop
        execute format('create policy leadership on %I for select to kawal_web_leadership using (instansi = web_instansi())', one);
    end loop;
    foreach one in array array['attachment', 'report_advice', 'note_mention'] loop
        execute format('create policy leadership on %I for select to kawal_web_leadership using (came_up(tracking_id))', one);
    end loop;
end $$;
create policy agency on queue_place for select to kawal_web_agency using (instansi = web_instansi());
create policy opd on queue_place for select to kawal_web_opd using (instansi = web_instansi() and opd = web_opd());
create policy leadership on queue_place for select to kawal_web_leadership
    using (instansi = web_instansi() and queue = 'come_up');
create policy desk on queue_place for select to kawal_web_desk using (instansi = web_instansi() and queue = 'desk');
create policy opd on outbox for select to kawal_web_opd using (opd_sees(tracking_id));
create policy opd on complaint for select to kawal_web_opd
    using (instansi = web_instansi() and opd_was_sent(tracking_id, main_report));
create policy leadership on complaint for select to kawal_web_leadership using (instansi = web_instansi() and ever_level >= 2);
create policy desk on complaint for select to kawal_web_desk using (instansi = web_instansi());
-- Notes alone, which it may write too.
create policy leadership on side_act for select to kawal_web_leadership
    using (kind in ('noted', 'note_struck') and came_up(tracking_id));
create policy national on recap_tally for select to kawal_web_national using (true);
create policy national on recap_pending for select to kawal_web_national using (true);
-- Of an entry that is about no complaint that there is: by whom.
create policy agency on access_log for select to kawal_web_agency using (
    coalesce(agency_of(tracking_id), (select a.instansi::text from account a where a.id = actor_account)) = web_instansi());
create policy agency on history_archive for select to kawal_web_agency
    using (agency_of(substr(workflow_id, 11)) = web_instansi());
create policy agency on quality_review for select to kawal_web_agency
    using (exists (select from quality_draw d where d.id = draw));
create policy agency on action_item for select to kawal_web_agency
    using (exists (select from action_plan p where p.entry = plan));
create policy agency on what_if_report for select to kawal_web_agency
    using (exists (select from what_if w where w.number = asked));
create policy leadership on what_if_report for select to kawal_web_leadership
    using (exists (select from what_if w where w.number = asked));

-- A scope as a function of the owner's applies it itself, where row-level security would keep a search from its index: `@@` is
-- not leakproof, so that it is looked at only after the policy, row by row. No row: the caller has no scope of words.
create function scope_of_caller() returns table (agency text, office text, come_up boolean) language sql stable as $$
    select s.agency, s.office, s.come_up from (values
        ('kawal_web_every', null, null, false), ('kawal_web_agency', web_instansi(), null, false),
        ('kawal_web_opd', web_instansi(), web_opd(), false), ('kawal_web_leadership', web_instansi(), null, true)
    ) as s (role, agency, office, come_up)
    where s.role = current_setting('role') and (s.role = 'kawal_web_every' or s.agency is not null)
        and (s.role <> 'kawal_web_opd' or s.office is not null) $$;

-- The title of a report that the caller registered at the desk, whose role reads no words of the table itself.
create function title_at_desk(number text) returns text
    language sql stable security definer set search_path = public, pg_temp as $$
    select c.title from complaint c where c.tracking_id = number and desk_registered(number) and c.instansi = web_instansi()
        and not exists (select from concealment k where k.tracking_id = number and k.rahasia) $$;

-- Rights --------------------------------------------------------------------------------------------------------------
-- What the application does to each table, and no more: what happened and what is versioned is never changed, nothing is
-- deleted but what code deletes, and no trigger, table or role is within its reach. From here on the file can be run again.

do $$
begin -- not every owner of a database may say who else connects to it
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to kawal_app', current_database());
exception when insufficient_privilege then
    null;
end $$;
revoke all on schema public from public;
grant usage on schema public to kawal_app, kawal_web;
revoke all on all tables in schema public from public, kawal_app, kawal_web, kawal_web_agency, kawal_web_every, kawal_web_opd,
    kawal_web_leadership, kawal_web_national, kawal_web_desk;
revoke all on all functions in schema public from public, kawal_app, kawal_web;
grant execute on all functions in schema public to kawal_app;
grant select on all tables in schema public to kawal_app;
grant select on event_position_seq to kawal_app; -- up to where events may stand: kawal/store/sealing.py

-- Only added to.
grant insert on event, side_act, access_log, calendar_version, calendar_day, policy_version, category, raw_letter, log_head, log_range,
    quality_draw, quality_item, quality_review, decree, action_plan, action_item, letter_text to kawal_app;
-- Added to, and changed where a guard lets it or in what is no record.
grant insert, update on done_act, instansi, opd, account, person, held_role, deputy, passkey, linked_identity, sign_in_link, staff_session, presence,
    report_advice, reply_read, queue_place, inbox, concealment, access_code, inbox_reply, handover, tray_item, tray_item_report, api_token,
    official_pass, message_seen, conversation, master_rotation, reconcile_finding, complaint, status_span, recap_tally, work_tally, support,
    supporter_count, public_version, public_follow_up, public_file_version, board_entry, unrecorded, outbox, outgoing_message,
    message_medium, message_window, log_published, office_address, link_request, attachment, automatic_letter, reconcile_round,
    history_archive_round, history_archive_due, setup_step, announcement, last_try to kawal_app;
grant insert, update (wrapped_key, master_key_id, rotated_at, retired_at, destroyed_at, destroyed_by, destroy_ground)
    on data_key to kawal_app;
grant insert, update (encrypted_private, retired_at) on signing_key to kawal_app;
grant insert, update (body, pruned_at, pruned_by) on history_archive to kawal_app;
grant insert, update (hashes, names) on log_tile to kawal_app;
grant insert, update (objects_removed_at) on erasure to kawal_app;
-- Also deleted: what stands for the present alone, and what an erasure takes away.
grant insert, update, delete on canned_text, saved_view, what_if to kawal_app;
grant insert on what_if_report to kawal_app; -- deleted with what asked for it
grant insert, delete on note_mention, used_challenge, identity_request, sign_in_failure, category_opd, complaint_opd, complaint_clock, recap_pending, work_pending, reporter_contact, rahasia_word to kawal_app;
grant delete on done_act, announcement, passkey, linked_identity, presence, report_advice, reply_read, queue_place, office_address, link_request, attachment, automatic_letter, reconcile_round, status_span, board_entry, unrecorded,
    history_archive_round, history_archive_due, inbox_reply, raw_letter, conversation, outgoing_message, message_medium,
    message_window, public_version, public_follow_up, public_file_version, support, supporter_count to kawal_app;

-- Officials: what all of them may read,
grant execute on function public_time, recap_day, recap_month, web_instansi, web_opd, web_account, opd_was_sent, opd_sees, opd_may_read, came_up, desk_registered,
    scope_of_caller, agency_of, staff_search, staff_matches, title_at_desk to kawal_web;
grant select on schema_made, instansi, opd, canned_text, category, category_opd, calendar_version, calendar_day, policy_version, board_entry,
    public_status, public_report, public_file, log_head, log_published to kawal_web;
grant select (tracking_id, kind, gone_at) on reconcile_finding to kawal_web_agency, kawal_web_every, kawal_web_opd,
    kawal_web_leadership, kawal_web_desk;
-- what an agency's admin, Inspectorate and auditors may, of their own agency or, where they have none, of every one,
grant select on complaint, complaint_opd, complaint_clock, concealment, event, attachment, raw_letter, side_act, public_version,
    public_follow_up, public_file_version, supporter_count, status_span, recap_tally, recap_pending, work_tally, work_pending, account, office_address, erasure,
    access_log, history_archive, quality_draw, quality_item, quality_review, decree, action_plan, action_item, tray_item_report,
    queue_place, report_advice, reply_read, note_mention, what_if, what_if_report to kawal_web_agency, kawal_web_every;
-- without what is opened for a purpose alone, by the application and on record,
grant select (id, tracking_id, workflow_id, instansi, channel, received_at, accepted_at, status, attempts, next_try_at, last_error,
    started_at) on inbox to kawal_web_agency, kawal_web_every;
grant select (id, instansi, came_to, channel, why, detail, person, media_type, size, received_at, put_at, remind_at, escalate_at,
    reminded_at, escalated_at, answerable, answered_at, retry_at, state, decided_at, decided_by, tracking_id, deleted)
    on tray_item to kawal_web_agency, kawal_web_every;
grant select (id, workflow_id, seq, tracking_id, n, kind, to_role, to_opd, channel, status, attempts, next_try_at, last_error,
    created_at, sent_at) on outbox to kawal_web_agency, kawal_web_every, kawal_web_opd;
grant select (id, reference, tracking_id, notice_id, kind, answers, gateway, status, attempts, next_try_at, last_error, created_at,
    accepted_at, ended_at) on outgoing_message to kawal_web_agency, kawal_web_every;
-- a liaison, of what the OPD was given,
grant select on complaint, complaint_opd, complaint_clock, concealment, event, attachment, raw_letter, side_act, public_version,
    public_follow_up, public_file_version, supporter_count, queue_place, report_advice, reply_read, note_mention to kawal_web_opd;
-- the leadership, counts, and of what came up to it,
grant select on complaint, complaint_opd, complaint_clock, concealment, attachment, side_act, supporter_count, queue_place,
    report_advice, reply_read, note_mention, status_span, recap_tally, recap_pending, work_tally, work_pending,
    what_if, what_if_report to kawal_web_leadership;
-- the national admin, counts,
grant select on recap_tally, recap_pending to kawal_web_national;
-- and the desk: the process record of its agency, words of what it registered.
grant select (tracking_id, workflow_id, instansi, status, channel, report_class, pengawasan, category, anonim, rahasia, received_at,
    verified_at, first_forwarded_at, first_follow_up_at, completed_at, closed_at, closed_by, work_days_to_follow_up,
    work_days_to_completion, rating, rated_via, main_report, next_deadline, overdue, ever_late, item_open, item_opened_at, item_why,
    item_done_late, level, ever_level, said, said_seq, said_at, extension_days, instructed_to, offices, policy_version,
    calendar_version, last_seq, erased_at) on complaint to kawal_web_desk;
grant select on complaint_opd, complaint_clock, concealment, event, attachment, supporter_count, queue_place, report_advice,
    reply_read to kawal_web_desk;
