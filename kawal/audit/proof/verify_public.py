"""Checks that what the public sees is what officials released and redacted, by the acts beside the process.

The words that stand are derived anew from the acts, which are chained and sealed, and compared. Whose key is missing is
not compared.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import asyncpg

from kawal.audit.proof.findings import FindingCollector
from kawal.crypto.encryption import NotAuthentic
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.names import workflow_id
from kawal.store.data_keys import DataKeyStore
from kawal.store.public_versions import WORDS
from kawal.store.side_acts import SideAct, SideActKind, SideActs

_CONCERNED = """
    select distinct tracking_id::text as tracking_id from (
        select tracking_id from side_act where kind in ('released', 'redacted')
        union all select tracking_id from public_version union all select tracking_id from public_follow_up
        union all select tracking_id from public_file_version) as one
    where $1::text is null or tracking_id = $1 order by 1
"""
_COMPLAINT = """
    select title, body, place, rahasia or erased_at is not null as hidden from complaint
    where tracking_id = $1
"""
_VERSION = """
    select p.act, p.redacted, p.released_seq, p.why, p.title, p.body, p.place, c.public_search = p.search as indexed
    from public_version p join complaint c on c.tracking_id = p.tracking_id where p.tracking_id = $1
"""
_FOLLOW_UPS = "select seq, act, why, body from public_follow_up where tracking_id = $1 order by seq"
_FILES = """
    select attachment::text as attachment, act, released_seq, released_at, variant, why from public_file_version
    where tracking_id = $1 order by attachment::text
"""
_COUNTS = """
    select n.tracking_id::text as tracking_id from supporter_count n
    join complaint o on o.tracking_id = n.tracking_id and o.status <> 'digabung'
    where n.n <> (
        select count(distinct coalesce(case when s.confirmed_at is not null then s.email_mac end, s.browser_mac))
        from support s join complaint c on c.tracking_id = s.tracking_id
        where s.ended_at is null and coalesce(c.main_report, c.tracking_id) = n.tracking_id)
      and ($1::text is null or n.tracking_id = $1)
    order by 1
"""


async def public_versions(
    conn: asyncpg.Connection, keys: DataKeyStore, report: FindingCollector, tracking_id: str | None = None
) -> None:
    """Compare what stands with the acts, for one complaint or for all."""
    acts = SideActs(conn, keys)
    for row in await conn.fetch(_CONCERNED, tracking_id):
        number = row["tracking_id"]
        complaint = await conn.fetchrow(_COMPLAINT, number)
        try:
            done = [] if complaint is None or complaint["hidden"] else await acts.of(number)
        except KeyUnavailable:
            continue
        except (NotAuthentic, ValueError):
            continue  # the row was changed, and its chain says so
        fields = await _differing(conn, number, complaint, done)
        if fields:
            report.found("public_differs", workflow_id(number), fields=", ".join(fields))
    for row in await conn.fetch(_COUNTS, tracking_id):
        report.found("supporters_differ", workflow_id(row["tracking_id"]))


async def _differing(conn: asyncpg.Connection, number: str, complaint: Any, acts: Sequence[SideAct]) -> list[str]:
    stood = await conn.fetchrow(_VERSION, number)
    wanted = _version(acts, complaint)
    fields = []
    if stood is None or wanted is None:
        fields += [] if stood is None and wanted is None else ["words"]
    else:
        fields += [name for name, value in stood.items() if value != wanted[name]]
    if [dict(row) for row in await conn.fetch(_FOLLOW_UPS, number)] != _follow_ups(acts):
        fields.append("follow_ups")
    if [dict(row) for row in await conn.fetch(_FILES, number)] != _files(acts):
        fields.append("files")
    return fields


def _version(acts: Sequence[SideAct], complaint: Any) -> dict[str, Any] | None:
    """Return the public version of a report's words as the acts give it; None where there is none."""
    redacted: set[str] = set()
    shown: dict[str, Any] = {}
    version: dict[str, Any] = {"released_seq": None, "why": None}
    for act in acts:
        if act.facts.get("what") != "words":
            continue
        version["act"] = act.n
        if act.kind is SideActKind.RELEASED:
            version["released_seq"] = act.facts["until"]
            shown |= {name: act.words.get(name) for name in WORDS}
            continue
        if act.facts.get("anew"):
            # What is replaced no longer follows the read model again, or stays as it was released.
            shown = shown | act.words if version["released_seq"] else _apart_from(redacted, shown)
            redacted = set()
        redacted.update(act.facts["fields"])
        version["why"] = act.words.get("why") if redacted else None
        shown |= {name: act.words.get(name) for name in act.facts["fields"]}
    if "act" not in version:
        return None
    texts = {name: shown.get(name, complaint[name]) or None for name in WORDS}
    return version | texts | {"redacted": sorted(redacted), "indexed": True}


def _apart_from(names: Collection[str], shown: Mapping[str, Any]) -> dict[str, Any]:
    return {name: text for name, text in shown.items() if name not in names}


def _follow_ups(acts: Sequence[SideAct]) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any] | None] = {}
    for act in acts:
        if act.facts.get("what") == "follow_up":
            version = {"act": act.n, "why": act.words.get("why"), "body": act.words.get("text")}
            found[act.facts["event"]] = None if act.facts.get("restored") else version
    return [{"seq": seq} | version for seq, version in sorted(found.items()) if version is not None]


def _files(acts: Sequence[SideAct]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for act in acts:
        if act.facts.get("what") not in ("file", "picture"):
            continue
        file = found.setdefault(
            act.facts["attachment"], {"released_seq": None, "released_at": None, "variant": None, "why": None}
        )
        file["act"] = act.n
        if act.kind is SideActKind.RELEASED:
            file |= {"released_seq": act.facts["until"], "released_at": act.at}
        elif act.facts.get("restored"):
            file |= {"variant": None, "why": None}
        else:
            file |= {"variant": act.facts["variant"], "why": act.words.get("why")}
    return [{"attachment": name} | found[name] for name in sorted(found)]
