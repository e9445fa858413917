-- What comes by e-mail and is no report by itself is kept and listed, instead of refused or passed over.

-- Letters that became no report and no reply by themselves, as they came: what could not be read, and what machines wrote.
-- They belong to no complaint. A person may read one, on record, or discard it.
create table kept_letter (
    id bigint generated always as identity primary key,
    instansi code_word not null references instansi,
    digest_mac sha256 not null, -- keyed hash of the letter: delivered again it is kept once
    body bytea not null, -- the raw letter, sealed with the system's key
    size integer not null check (size >= 0), -- bytes of the letter
    why text not null check (why in ('unreadable', 'automatic')),
    detail text check (detail ~ '^[a-z_]+$'), -- what made it unreadable
    received_at timestamptz not null
);
create unique index kept_letter_once on kept_letter (instansi, digest_mac);
