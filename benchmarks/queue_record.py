"""The queues of the million reports (benchmarks.public_record): where each that is open waits, and the advice on it.

Written straight into the tables, as the rules would have it in kind and number: a tenth late, of these half escalated.
"""

OFFICES = """case when verified >= {end} then '{{}}' when completed < {end}
    then array['done ' || opd, 'sent ' || opd, 'with ' || opd] else array['sent ' || opd, 'with ' || opd] end"""
"""Whose a report is, in the columns of `written`."""

_OPEN = """
create unlogged table waiting as
select c.tracking_id, c.instansi, c.status, c.report_class, c.category, c.received_at, c.channel, o.code::text as opd,
    coalesce(o.state, '') as state, random() < 0.1 as late, random() < 0.5 as escalated,
    floor(random() * 3)::int as rung, random() < 0.1 as decided,
    (array['extension', 'forward'])[1 + floor(random() * 2)::int] as asks,
    c.received_at + (4 + floor(random() * 20)) * interval '1 day' as due,
    array(select l.code::text from complaint_opd l where l.tracking_id = c.tracking_id) as opds
from complaint c left join complaint_opd o on o.tracking_id = c.tracking_id
where c.status in ('belum_diverifikasi', 'belum_ditindaklanjuti', 'proses')
    and not exists (select from queue_place q where q.tracking_id = c.tracking_id)
"""
_PLACES = """
insert into queue_place (tracking_id, queue, opd, instansi, why, rank, due, received_at, deadline, owed_by, overdue,
    status, report_class, category, opds)
select w.tracking_id, p.queue, p.opd, w.instansi, array[p.why], p.rank, p.due, w.received_at, w.due, p.owed_by, w.late,
    w.status, w.report_class, w.category, w.opds
from waiting w cross join lateral (values
    ('open', '', 'complete', (not w.late)::int, w.due, 'liaison', true),
    ('desk', '', 'complete', (not w.late)::int, w.due, 'liaison', w.channel = 'walk_in'),
    ('verification', '', 'verify', (not w.late)::int, w.due, 'agency_admin', w.status = 'belum_diverifikasi'),
    ('decisions', '', w.asks, (not w.late)::int, w.due, 'agency_admin', w.decided and w.opd is not null),
    ('owed', w.opd, 'respond', (not w.late)::int, w.due, 'liaison', w.state = 'owes'),
    ('waiting', w.opd, 'auto_close', (not w.late)::int, w.due, 'reporter', w.state = 'final'),
    ('waiting', '', 'auto_close', (not w.late)::int, w.due, 'reporter', w.state = 'final'),
    ('escalated', '', 'breach', w.rung, w.received_at, 'liaison', w.late and w.escalated),
    ('come_up', '', 'breach', w.rung, w.received_at, 'liaison', w.late and w.escalated and w.rung < 2)
) as p (queue, opd, why, rank, due, owed_by, stands) where p.stands
"""
_LATE = """
update complaint c set overdue = w.late, ever_late = w.late, item_open = w.late and w.escalated,
    item_opened_at = case when w.late and w.escalated then c.received_at end,
    level = case when w.late and w.escalated then 3 - w.rung else 0 end,
    ever_level = case when w.late and w.escalated then 3 - w.rung else 0 end
from waiting w where w.tracking_id = c.tracking_id and w.late
"""
_ADVICE = """
insert into report_advice (
    tracking_id, missing, likenesses, categories, opds, learned_from, pengawasan_hint, unsure)
select w.tracking_id, '{}', case when w.escalated then jsonb_build_array(jsonb_build_object(
    'tracking_id', w.tracking_id, 'score', 0.5, 'shared_words', 5, 'days', 1, 'rahasia', false)) else '[]' end,
    jsonb_build_array(jsonb_build_object('key', w.category, 'share', 0.6)),
    jsonb_build_array(jsonb_build_object('key', coalesce(w.opd, 'OPD0'), 'share', 0.6)), 5000, w.late, w.decided
from waiting w
"""
STATEMENTS = (_OPEN, _PLACES, _LATE, _ADVICE, "drop table waiting")
TABLES = ("queue_place", "report_advice")
INDEXES = ("complaint_found_by",)
