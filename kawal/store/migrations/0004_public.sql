-- What the public may know, and which steps the database refused.

-- What the public may know ---------------------------------------------------------------------------------------------
-- Whoever shows anything to strangers reads these two views and nothing else of a complaint. Of a rahasia or erased one
-- they have nothing. `public_status` has what anyone gets who asks by a number: status and dates. `public_report` has the
-- words, of those alone that an admin verified and that never were berkadar pengawasan. Of an anonim report the time is
-- that of its day, and the point is rounded to about a kilometre.

create function public_time(at timestamptz, anonim boolean) returns timestamptz language sql immutable parallel safe
    return case when anonim -- the beginning of its day in Asia/Jakarta
        then date_trunc('day', at at time zone interval '7 hours') at time zone interval '7 hours' else at end;

create view public_status as
select c.tracking_id, c.workflow_id, c.instansi, c.status, c.anonim, public_time(c.received_at, c.anonim) as received_at
from complaint c where not c.rahasia and c.erased_at is null;

create index event_pengawasan on event (workflow_id) where facts -> 'pengawasan' = 'true'::jsonb;
create view public_report as
select c.tracking_id, c.workflow_id, c.instansi, c.status, c.category, c.title, c.body, c.place,
    case when c.anonim then round(c.latitude::numeric, 2)::double precision else c.latitude end as latitude,
    case when c.anonim then round(c.longitude::numeric, 2)::double precision else c.longitude end as longitude,
    c.anonim, public_time(c.received_at, c.anonim) as received_at, c.search
from complaint c
where not c.rahasia and c.erased_at is null and c.verified_at is not null and not c.pengawasan
    and not exists (select from event e where e.workflow_id = c.workflow_id and e.facts -> 'pengawasan' = 'true'::jsonb);
create index complaint_public on complaint (instansi, public_time(received_at, anonim))
    where not rahasia and erased_at is null and verified_at is not null and not pengawasan;

-- Steps that the database refused: an accepted report whose start is not on record, or a later step that is missing. A code
-- only, never a value. What stands in the record by now is no trouble any more, and goes with the next round of the reconciler.
create table unrecorded (
    tracking_id tracking_no primary key,
    seq integer not null check (seq >= 1), -- of the first event of the step
    reason text not null check (reason ~ '^[a-z_]+(:[A-Za-z0-9_]+)?$'),
    first_at timestamptz not null default now(),
    last_at timestamptz not null default now(),
    times integer not null default 1 check (times >= 1)
);
