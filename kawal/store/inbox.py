"""The inbox: a report is stored, numbered and has its key before anyone is told that it was received."""

from __future__ import annotations

import contextlib
import json
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from pydantic import BaseModel

from kawal.base.log import log
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.encryption import NotAuthentic, decrypt, encrypt
from kawal.domain.messages import Actor, Report
from kawal.proof.chain import canonical_json
from kawal.store.data_keys import DataKeyStore
from kawal.store.group_commit import GroupCommit, InboxRow, insert_rows
from kawal.store.rejected_writes import MISSING

_TRIES_OF_A_LENGTH = 20
"""Random numbers tried before a longer one: so many collisions mean that the short ones are nearly used up."""


_PAGE = 200
_UNNOTED = """
select * from inbox where not contacts_noted and id > $1 and ($2::text is null or instansi = $2) order by id limit $3
"""

_LINES = f"""
select * from (
    select id as inbox_id, i.tracking_id, instansi, channel, 'unrecorded' as status, received_at, u.times as attempts,
           u.last_at + interval '1 minute' as next_try_at, u.reason as last_error
    from unrecorded u join inbox i on i.tracking_id = u.tracking_id
    where {MISSING} and ($1::text is null or $1 = 'unrecorded')
    union all
    select id, tracking_id, instansi, channel, status, received_at, attempts, next_try_at, last_error
    from inbox where status = any (case when $1::text is null then array['dead', 'waiting'] else array[$1] end)
) as lines where $3::text is null or instansi = $3
order by array_position(array['unrecorded', 'dead', 'waiting', 'set_aside'], status), inbox_id limit $2
"""  # noqa: S608 - own words


class InboxConflict(Exception):  # noqa: N818 - names the condition
    """The idempotency key was used for another report: nothing was accepted."""


class AcceptedReport(BaseModel):
    """The answer to the sender: the report is stored under this number."""

    tracking_id: str
    workflow_id: str
    inbox_id: int
    fresh: bool = True
    """False if the same report had been accepted before; the numbers are the first ones."""


class ClaimedReport(BaseModel):
    """A report claimed for starting, still encrypted; `attempts` includes this one."""

    inbox_id: int
    tracking_id: str
    workflow_id: str
    instansi: str
    received_at: datetime
    attempts: int
    body: bytes


class InboxLine(BaseModel):
    """A report that is not started, or of which a step is not recorded, as a list shows it: no content."""

    inbox_id: int
    tracking_id: str
    instansi: str
    channel: str
    status: str
    """unrecorded | dead | waiting | set_aside"""
    received_at: datetime
    attempts: int
    next_try_at: datetime
    last_error: str | None


class WaitingReport(BaseModel):
    """An accepted report whose workflow is to be started."""

    inbox_id: int
    tracking_id: str
    workflow_id: str
    instansi: str
    received_at: datetime
    attempts: int
    report: Report
    actor: Actor | None = None
    idempotency_key: str | None = None
    """The sender's idempotency key."""


class Inbox:
    """A store that accepts reports and hands them out to have their workflows started."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool`; each report gets its key in `keys`."""
        self._pool = pool
        self._keys = keys
        self._gathering = GroupCommit(pool)

    async def accept(
        self,
        report: Report,
        instansi: str,
        received_at: datetime,
        *,
        actor: Actor | None = None,
        idempotency_key: str | None = None,
        system: str | None = None,
        held: timedelta = timedelta(),
    ) -> AcceptedReport:
        """Store a report in one transaction: its tracking id, its data key and its encrypted content.

        Idempotent by
        (channel, external id) and by the sender's `idempotency_key`: a repeated report gets the first numbers. The
        external ids of a named `system` are separate from those of others. `received_at` is an aware instant. For
        `held` (real time) no relay takes it: the caller means to start it at once. Raises InboxConflict if the key came
        with another report, KeyUnavailable, and asyncpg's errors (ForeignKeyViolationError for an unknown agency).
        """
        external_mac = None if report.external_id is None else await self.external_mac(report, system)
        idempotency_mac = (
            None
            if idempotency_key is None
            else await self._keys.mac("inbox idempotency key", instansi, idempotency_key)
        )
        sent = report.model_dump(mode="json")
        digest = await self._digest(instansi, sent)
        if system is not None and report.external_id is not None:
            before = await self._from_before_systems(report, digest)
            if before is not None:
                return before
        content = _content(sent, actor, idempotency_key)
        for tracking_id in _numbers():
            row = await self._row(tracking_id, instansi, content, received_at, digest)
            row = row._replace(external_mac=external_mac, idempotency_mac=idempotency_mac, held=held)
            try:
                inbox_id = await self._gathering.insert(row)
                return AcceptedReport(
                    tracking_id=tracking_id, workflow_id=f"complaint-{tracking_id}", inbox_id=inbox_id
                )
            except asyncpg.UniqueViolationError as error:
                if error.constraint_name in ("inbox_external", "inbox_idempotency"):
                    return await self._first(external_mac, idempotency_mac, report, digest)
        raise RuntimeError("no free tracking id was found")

    async def accept_within(
        self, conn: asyncpg.Connection, report: Report, instansi: str, received_at: datetime, actor: Actor
    ) -> str:
        """Store a report as part of the caller's transaction, which alone says whether it is new; return its number."""
        sent = report.model_dump(mode="json")
        digest, content = await self._digest(instansi, sent), _content(sent, actor, None)
        for tracking_id in _numbers():
            row = await self._row(tracking_id, instansi, content, received_at, digest)
            with contextlib.suppress(asyncpg.UniqueViolationError):
                async with conn.transaction():
                    await insert_rows(conn, [row])
                return tracking_id
        raise RuntimeError("no free tracking id was found")

    async def claim(self, limit: int, lease: timedelta) -> list[ClaimedReport]:
        """Claim reports whose workflow is to be started, the longest waiting first; `open` returns their content.

        Several relays share the work: a claimed report is given to no other relay until the lease (real time) has
        expired.
        """
        rows = await self._pool.fetch(
            "update inbox set attempts = attempts + 1, next_try_at = now() + $2 where id in ("
            " select id from inbox where status = 'waiting' and next_try_at <= now()"
            " order by next_try_at limit $1 for update skip locked) returning *",
            limit,
            lease,
        )
        await self._keys.read_ahead([row["workflow_id"] for row in rows])
        return [_claimed(row) for row in sorted(rows, key=lambda row: row["id"])]

    async def claim_one(self, inbox_id: int, lease: timedelta) -> ClaimedReport | None:
        """Claim one report whose start is awaited; None if it runs, is a dead letter, or is claimed by another.

        A held report is claimed by the caller that accepted it; any later attempt is a relay's.
        """
        row = await self._pool.fetchrow(
            "update inbox set attempts = attempts + 1, next_try_at = now() + $2"
            " where id = $1 and status = 'waiting' and attempts = 0 returning *",
            inbox_id,
            lease,
        )
        return None if row is None else _claimed(row)

    async def open(self, claimed: ClaimedReport) -> WaitingReport:
        """Decrypt a claimed report; raises KeyUnavailable, KeyDestroyed, NotAuthentic, or ValueError if unreadable."""
        key = await self._keys.key_of(claimed.workflow_id, claimed.body)
        content = json.loads(decrypt(key, claimed.body, _aad(claimed.workflow_id)))
        return WaitingReport(
            **claimed.model_dump(exclude={"body"}),
            report=Report.model_validate(content["report"]),
            actor=None if content["actor"] is None else Actor.model_validate(content["actor"]),
            idempotency_key=content.get("idempotency_key"),
        )

    async def find(self, tracking_id: str) -> WaitingReport | None:
        """Return the accepted report of that number, whether started or not; None if there is none."""
        row = await self._pool.fetchrow("select * from inbox where tracking_id = $1", tracking_id)
        return None if row is None else await self.open(_claimed(row))

    async def agencies_of(self, numbers: Sequence[str]) -> dict[str, str]:
        """Return those of the numbers that are accepted reports', each with its agency."""
        rows = await self._pool.fetch(
            "select tracking_id::text as tracking_id, instansi::text as instansi from inbox"
            " where tracking_id::text = any ($1) order by id",
            list(numbers),
        )
        return {row["tracking_id"]: row["instansi"] for row in rows}

    async def with_unnoted_contacts(self, instansi: str | None) -> AsyncIterator[WaitingReport]:
        """Yield the reports whose contacts are not noted yet, of an agency or of all, decrypted, a page at a time.

        One that cannot be read is left out, with a warning; raises KeyUnavailable.
        """
        after = 0
        while rows := await self._pool.fetch(_UNNOTED, after, instansi, _PAGE):
            after = rows[-1]["id"]
            await self._keys.read_ahead([row["workflow_id"] for row in rows])
            for row in rows:
                try:
                    yield await self.open(_claimed(row))
                except KeyDestroyed:
                    continue
                except (NotAuthentic, ValueError) as error:
                    log.warning("report_not_read", inbox_id=row["id"], reason=type(error).__name__)

    async def mark_started(self, *inbox_ids: int) -> None:
        """Record that their workflows run, and tell whoever watches; repeating it changes nothing."""
        await self._pool.execute(
            "with marked as (update inbox set status = 'started', started_at = now(), last_error = null"
            " where id = any ($1::bigint[]) and status <> 'started' returning instansi)"
            " select pg_notify('kawal_changes', ':0:' || instansi) from (select distinct instansi from marked) as held",
            list(inbox_ids),
        )

    async def mark_failed(self, inbox_id: int, error: str, retry_in: timedelta | None) -> None:
        """Record that starting failed: try again after `retry_in` (real time), or with None leave it to a person."""
        await self._pool.execute(
            "update inbox set status = case when $3::interval is null then 'dead' else 'waiting' end, last_error = $2,"
            " next_try_at = now() + coalesce($3, interval '0') where id = $1 and status <> 'started'",
            inbox_id,
            error,
            retry_in,
        )

    async def give_back(self, inbox_ids: Sequence[int], error: str, after: timedelta) -> None:
        """Record that starting was impossible for a reason outside the reports: the attempt does not count."""
        await self._pool.execute(
            "update inbox set attempts = greatest(attempts - 1, 0), next_try_at = now() + $3, last_error = $2"
            " where id = any ($1::bigint[]) and status = 'waiting'",
            list(inbox_ids),
            error,
            after,
        )

    async def lines(
        self, *, status: str | None = None, instansi: str | None = None, limit: int = 1000
    ) -> list[InboxLine]:
        """Return what is not recorded: steps that the database refused, the dead letters, then the longest waiting.

        Of an agency or all. `status` is unrecorded, dead, waiting or set_aside (kawal.store.dead_letters); the last are
        listed by it alone.
        """
        rows = await self._pool.fetch(_LINES, status, limit, instansi)
        return [InboxLine(**dict(row)) for row in rows]

    async def retry(self, tracking_id: str | None = None, instansi: str | None = None) -> list[str]:
        """Retry that report, or every dead letter, of an agency or all, as often as a new one; return their numbers."""
        rows = await self._pool.fetch(
            "update inbox set status = 'waiting', attempts = 0, next_try_at = now()"
            " where case when $1::text is null then status = 'dead'"
            " else status <> 'started' and tracking_id = $1 end and ($2::text is null or instansi = $2)"
            " returning tracking_id::text as tracking_id",
            tracking_id,
            instansi,
        )
        return sorted(row["tracking_id"] for row in rows)

    async def known_by(self, macs: Sequence[bytes]) -> dict[tuple[str, bytes], str]:
        """Return accepted reports by the keyed hash of their own system's id: (channel, hash) -> number."""
        rows = await self._pool.fetch(
            "select channel::text, external_mac, tracking_id::text as id from inbox where external_mac = any ($1)",
            list(macs),
        )
        return {(row["channel"], bytes(row["external_mac"])): row["id"] for row in rows}

    async def external_mac(self, report: Report, system: str | None = None) -> bytes:
        """Return the hash for a report's external id, within its channel and the named system, if any."""
        named = () if system is None else (system,)
        return await self._keys.mac("external id", str(report.channel), *named, report.external_id or "")

    async def _from_before_systems(self, report: Report, digest: bytes) -> AcceptedReport | None:
        """Return the same report if it was accepted before external ids were separate for each system.

        Two systems could use one id for different reports, so only a report with the same content is the same.
        """
        row = await self._pool.fetchrow(
            "select id, tracking_id::text as tracking_id, workflow_id from inbox"
            " where channel = $1 and external_mac = $2 and digest_mac = $3",
            str(report.channel),
            await self.external_mac(report),
            digest,
        )
        if row is None:
            return None
        return AcceptedReport(
            tracking_id=row["tracking_id"], workflow_id=row["workflow_id"], inbox_id=row["id"], fresh=False
        )

    async def _digest(self, instansi: str, sent: dict[str, Any]) -> bytes:
        return await self._keys.mac("inbox digest", instansi, canonical_json(_digested(sent)))

    async def _row(
        self, tracking_id: str, instansi: str, content: dict[str, Any], received_at: datetime, digest: bytes
    ) -> InboxRow:
        """Return a report in stored form, with a key of its own."""
        workflow_id = f"complaint-{tracking_id}"
        key, wrapped = await self._keys.fresh(workflow_id)
        return InboxRow(
            tracking_id=tracking_id,
            instansi=instansi,
            channel=content["report"]["channel"],
            external_mac=None,
            idempotency_mac=None,
            digest_mac=digest,
            data_key_id=key.key_id,
            body=encrypt(key, json.dumps(content).encode(), _aad(workflow_id)),
            received_at=received_at,
            held=timedelta(),
            wrapped_key=wrapped.data,
            master_key_id=wrapped.master_key_id,
        )

    async def _first(
        self, external_mac: bytes | None, idempotency_mac: bytes | None, report: Report, digest: bytes
    ) -> AcceptedReport:
        row = await self._pool.fetchrow(
            "select id, tracking_id, workflow_id, idempotency_mac, digest_mac from inbox"
            " where idempotency_mac = $1 or (channel = $2 and external_mac = $3)"
            " order by (idempotency_mac = $1) desc nulls last limit 1",
            idempotency_mac,
            str(report.channel),
            external_mac,
        )
        if idempotency_mac is not None and row["idempotency_mac"] == idempotency_mac and row["digest_mac"] != digest:
            raise InboxConflict("the idempotency key was used for another report")
        return AcceptedReport(
            tracking_id=row["tracking_id"], workflow_id=row["workflow_id"], inbox_id=row["id"], fresh=False
        )


async def number_of(pool: asyncpg.Pool, tracking_id: str) -> int | None:
    """Return the inbox number of an accepted report, started or not; None if none of that number was accepted."""
    found: int | None = await pool.fetchval("select id from inbox where tracking_id::text = $1", tracking_id)
    return found


def _digested(sent: dict[str, Any]) -> dict[str, Any]:
    """Return a report in the form of which digests are made: a field added later is included only if it is set."""
    return sent if sent["no_receipt"] else {name: value for name, value in sent.items() if name != "no_receipt"}


def _content(sent: dict[str, Any], actor: Actor | None, idempotency_key: str | None) -> dict[str, Any]:
    """Return what is kept of a report, encrypted."""
    who = None if actor is None else actor.model_dump(mode="json")
    return {"report": sent, "actor": who, "idempotency_key": idempotency_key}


def _claimed(row: Any) -> ClaimedReport:
    return ClaimedReport(
        inbox_id=row["id"],
        **{name: row[name] for name in ("tracking_id", "workflow_id", "instansi", "received_at", "attempts", "body")},
    )


def _numbers() -> Iterator[str]:
    """Yield random numbers, the short ones first; they reveal neither the count of reports nor the next number."""
    for digits in (7, 8, 9):
        for _ in range(_TRIES_OF_A_LENGTH):
            yield str(10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1)))


def _aad(workflow_id: str) -> bytes:
    return f"inbox\x00{workflow_id}".encode()
