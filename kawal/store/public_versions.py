"""What officials released to the public or redacted: each change an act beside the process, and what then stands.

The views `public_report` and `public_file` read what is written here. The read model keeps its own words, and a file
its original.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from kawal.crypto.encryption import DataKey, decrypt, encrypt
from kawal.domain.messages import Actor
from kawal.domain.publicity import PublicStanding
from kawal.store.data_keys import DataKeyStore
from kawal.store.side_acts import SideActKind, SideActs

WORDS = ("title", "body", "place")
"""The columns of words that the public reads."""

_STANDS = """
           c.tracking_id::text as tracking_id, c.erased_at is not null as erased, c.item_open,
           c.rahasia or exists (select from concealment k where k.tracking_id = c.tracking_id and k.rahasia) as rahasia,
           c.pengawasan or exists (select from event e where e.workflow_id = c.workflow_id
                                    and e.facts -> 'pengawasan' = 'true'::jsonb) as supervised
"""
_STANDING = f"""
    select {_STANDS}, c.last_seq, c.title, c.body, c.place,
           p.title as shown_title, p.body as shown_body, p.place as shown_place, p.released_seq, p.why,
           coalesce(p.redacted, '{{}}') as redacted
    from complaint c left join public_version p on p.tracking_id = c.tracking_id
    where c.tracking_id = $1 for update of c
"""  # noqa: S608 - own words
_STANDINGS = f"select {_STANDS} from complaint c where c.tracking_id::text = any ($1)"  # noqa: S608 - own words
_WRITE = """
    insert into public_version
        (tracking_id, act, redacted, released_seq, why, title, body, place) values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (tracking_id) do update set act = excluded.act, redacted = excluded.redacted,
        released_seq = excluded.released_seq, why = excluded.why,
        title = excluded.title, body = excluded.body, place = excluded.place
"""
_FOLLOW_UP = """
    insert into public_follow_up (tracking_id, seq, act, why, body) values ($1, $2, $3, $4, $5)
    on conflict (tracking_id, seq) do update set act = excluded.act, why = excluded.why, body = excluded.body
"""
_RELEASE_FILE = """
    insert into public_file_version (attachment, tracking_id, act, released_seq, released_at)
    values ($1, $2, $3, $4, $5)
    on conflict (attachment) do update set act = excluded.act, released_seq = excluded.released_seq,
        released_at = excluded.released_at
"""
_REDACT_FILE = """
    insert into public_file_version
        (attachment, tracking_id, act, variant, variant_size, variant_key_id, variant_details, why)
    values ($1, $2, $3, $4, $5, $6, $7, $8)
    on conflict (attachment) do update set act = excluded.act, variant = excluded.variant,
        variant_size = excluded.variant_size, variant_key_id = excluded.variant_key_id,
        variant_details = excluded.variant_details, why = excluded.why
"""
_RESTORE_FILE = """
    update public_file_version set act = $2, variant = null, variant_size = null, variant_key_id = null,
        variant_details = null, why = null
    where attachment = $1
"""
_LATEST_VARIANT = """
    select coalesce(max((facts ->> 'variant')::integer), 0) from side_act
    where tracking_id = $1 and facts ->> 'attachment' = $2
"""


class FileVersion(NamedTuple):
    """How the public sees a file, released or not: which redacted picture, its encrypted object's id, its bytes."""

    released_seq: int | None
    variant: int | None
    file_id: str | None
    size: int | None
    latest: int
    """The number of the latest redacted picture, shown or not; 0: there never was one."""


class PublicFile(NamedTuple):
    """A file that the public may open."""

    id: UUID
    media_type: str
    size: int
    """Bytes of its public form."""
    redacted_why: str | None


class PublicWords(NamedTuple):
    """A report's words as the public reads them now."""

    title: str | None
    body: str | None
    place: str | None
    why_redacted: str | None
    """Why passages of them are hidden."""


class PublicParts(NamedTuple):
    """What of a report the public may see now, as the views say."""

    words: bool
    """Its words: title, text, place and follow-ups."""
    files: dict[str, PublicFile]
    """By their ids."""

    def has(self, attachment: str | None) -> bool:
        """Tell whether the file of that id is public, or without one the words."""
        return self.words if attachment is None else attachment in self.files


class PublicVersions:
    """A store of what was released and redacted."""

    def __init__(self, pool: asyncpg.Pool, keys: DataKeyStore) -> None:
        """Work through `pool` with the keys of `keys`."""
        self._pool = pool
        self._keys = keys
        self._acts = SideActs(pool, keys)

    @asynccontextmanager
    async def changing(self, tracking_id: str) -> AsyncIterator[PublicChange]:
        """Open a transaction that changes what is public of a complaint; nothing else is recorded of it meanwhile.

        Raises KeyDestroyed for an erased complaint.
        """
        key = await self._acts.key_of(tracking_id)
        async with self._pool.acquire() as conn, conn.transaction():
            row = await conn.fetchrow(_STANDING, tracking_id)
            yield PublicChange(conn, self._acts, key, row)

    async def follow_ups(self, numbers: Sequence[str]) -> dict[tuple[str, int], str]:
        """Return the public words of the follow-ups in which something was replaced, by complaint and event."""
        rows = await self._pool.fetch(
            "select tracking_id::text as tracking_id, seq, body from public_follow_up"
            " where tracking_id::text = any ($1)",
            list(numbers),
        )
        return {(row["tracking_id"], row["seq"]): row["body"] for row in rows}

    async def file(self, tracking_id: str, attachment: UUID) -> FileVersion:
        """Return how the public would see a file; without a variant where nothing of it was redacted."""
        row = await self._pool.fetchrow(
            "select released_seq, variant, variant_size, variant_key_id, variant_details from public_file_version"
            " where attachment = $1 and tracking_id = $2",
            attachment,
            tracking_id,
        )
        latest = await self._pool.fetchval(_LATEST_VARIANT, tracking_id, str(attachment))
        if row is None or row["variant"] is None:
            return FileVersion(None if row is None else row["released_seq"], None, None, None, latest)
        key = await self._keys.key_by_id(row["variant_key_id"])
        if key is None:
            raise RuntimeError("a variant's key is a row of data_key")
        details = decrypt(key, row["variant_details"], _aad(attachment, row["variant"]))
        return FileVersion(row["released_seq"], row["variant"], details.decode(), row["variant_size"], latest)

    async def files(self, tracking_id: str) -> list[PublicFile]:
        """Return a report's files that the public may open now, in the order of their release."""
        rows = await self._pool.fetch(
            "select attachment, media_type, size, redacted_why from public_file where tracking_id::text = $1"
            " order by released_at, attachment",
            tracking_id,
        )
        return [PublicFile(row["attachment"], row["media_type"], row["size"], row["redacted_why"]) for row in rows]

    async def shown(self, tracking_id: str) -> PublicParts:
        """Return what of a report the public may see now; nothing of an unknown one."""
        words = await self._pool.fetchval(
            "select exists (select from public_report where tracking_id::text = $1)", tracking_id
        )
        return PublicParts(words, {str(file.id): file for file in await self.files(tracking_id)})

    async def words_now(self, numbers: Sequence[str]) -> dict[str, PublicWords]:
        """Return what the public reads now of those complaints of which it reads words, by number."""
        rows = await self._pool.fetch(
            "select tracking_id::text as number, title, body, place, redacted_why from public_report"
            " where tracking_id::text = any ($1)",
            list(numbers),
        )
        return {row["number"]: PublicWords(*tuple(row)[1:]) for row in rows}

    async def standings(self, numbers: Sequence[str]) -> dict[str, PublicStanding]:
        """Return what decides about releases and redactions of those complaints, by number."""
        rows = await self._pool.fetch(_STANDINGS, list(numbers))
        return {row["tracking_id"]: PublicStanding(**dict(row)) for row in rows}

    async def is_public(self, tracking_id: str, attachment: UUID) -> bool:
        """Return whether the public may open a file now."""
        return bool(
            await self._pool.fetchval(
                "select exists (select from public_file where attachment = $1 and tracking_id = $2)",
                attachment,
                tracking_id,
            )
        )


class PublicChange:
    """One transaction that changes what is public of a complaint; each method returns the number of its act."""

    def __init__(self, conn: asyncpg.Connection, acts: SideActs, key: DataKey, row: Any) -> None:
        """Work on a complaint whose row is held."""
        self._conn = conn
        self._acts = acts
        self._key = key
        self._row = row
        self.standing = PublicStanding(**{name: row[name] for name in PublicStanding._fields})
        self.redacted: frozenset[str] = frozenset(row["redacted"])
        """The columns of words in which something was replaced."""
        self.words: dict[str, str] = {name: self._shown(name) or "" for name in WORDS}
        """The report's words as the public reads them, or would read them once they are released."""

    def originals(self) -> dict[str, str]:
        """Return the words with what was replaced in them as it was written, masked; the others as they are shown."""
        return self.words | {name: self._row[name] or "" for name in self.redacted}

    async def release_words(self, actor: Actor, at: datetime) -> int:
        """Make what stands now of a supervised report's words public: its own, and its follow-ups up to now."""
        until = self._row["last_seq"]
        act = await self._append(SideActKind.RELEASED, actor, at, {"what": "words", "until": until}, self.words)
        await self._write(act, self.redacted, until, self._row["why"], self.words)
        return act

    async def redact_words(
        self, actor: Actor, at: datetime, replaced: dict[str, str], passages: Sequence[str], why: str
    ) -> int:
        """Let these words, by column, be the public ones from now on."""
        facts = {"what": "words", "fields": sorted(replaced)}
        act = await self._append(SideActKind.REDACTED, actor, at, facts, _said(passages, why) | replaced)
        await self._write(act, self.redacted | {*replaced}, self._row["released_seq"], why, self.words | replaced)
        return act

    async def redact_words_anew(
        self, actor: Actor, at: datetime, replaced: dict[str, str], passages: Sequence[str], why: str
    ) -> int:
        """Let these words, by column, and else the originals be the public ones: no earlier redaction stands."""
        words = self.originals() | replaced
        facts = {"what": "words", "fields": sorted(replaced)} | _anew(restored=not replaced)
        changed = {name: words[name] for name in self.redacted | {*replaced}}
        act = await self._append(SideActKind.REDACTED, actor, at, facts, _said(passages, why) | changed)
        await self._write(act, replaced, self._row["released_seq"], why if replaced else None, words)
        return act

    async def follow_up(self, seq: int) -> str | None:
        """Return the public words of a follow-up in which something was replaced before."""
        found: str | None = await self._conn.fetchval(
            "select body from public_follow_up where tracking_id = $1 and seq = $2", self.standing.tracking_id, seq
        )
        return found

    async def redact_follow_up(
        self, actor: Actor, at: datetime, seq: int, body: str, passages: Sequence[str], why: str, *, anew: bool = False
    ) -> int:
        """Let this be the public text of a follow-up from now on; `anew` without passages, its own text again."""
        restored = anew and not passages
        facts = {"what": "follow_up", "event": seq} | (_anew(restored=restored) if anew else {})
        act = await self._append(SideActKind.REDACTED, actor, at, facts, _said(passages, why) | {"text": body})
        number = self.standing.tracking_id
        if restored:
            await self._conn.execute("delete from public_follow_up where tracking_id = $1 and seq = $2", number, seq)
        else:
            await self._conn.execute(_FOLLOW_UP, number, seq, act, why, body)
        return act

    async def is_released(self, attachment: UUID) -> bool:
        """Return whether a release of the file stands: none does that a reclassification voided."""
        return bool(
            await self._conn.fetchval(
                "select exists (select from public_file_version f where f.attachment = $1"
                " and f.released_seq is not null and not exists (select from event e"
                " where e.workflow_id = 'complaint-' || f.tracking_id::text"
                " and e.facts -> 'pengawasan' = 'true'::jsonb and e.seq > f.released_seq))",
                attachment,
            )
        )

    async def release_file(self, actor: Actor, at: datetime, attachment: UUID) -> int:
        """Make a file public, in its redacted form where there is one."""
        facts = {"what": "file", "attachment": str(attachment), "until": self._row["last_seq"]}
        act = await self._append(SideActKind.RELEASED, actor, at, facts, {})
        values = (attachment, self.standing.tracking_id, act, self._row["last_seq"], at)
        await self._conn.execute(_RELEASE_FILE, *values)
        return act

    async def redact_file(
        self,
        actor: Actor,
        at: datetime,
        attachment: UUID,
        variant: int,
        *,
        size: int,
        file_id: str,
        areas: Sequence[str],
        why: str,
        anew: bool = False,
    ) -> int:
        """Let a redacted picture, whose object is stored, be the file's public form from now on."""
        facts = {"what": "picture", "attachment": str(attachment), "variant": variant}
        facts |= _anew(restored=False) if anew else {}
        act = await self._append(SideActKind.REDACTED, actor, at, facts, {"why": why, "areas": list(areas)})
        await self._conn.execute(
            _REDACT_FILE,
            attachment,
            self.standing.tracking_id,
            act,
            variant,
            size,
            self._key.key_id,
            encrypt(self._key, file_id.encode(), _aad(attachment, variant)),
            why,
        )
        return act

    async def restore_file(self, actor: Actor, at: datetime, attachment: UUID, why: str) -> int:
        """Let the form without metadata be the file's public one again; redacted pictures stay stored."""
        facts = {"what": "picture", "attachment": str(attachment)} | _anew(restored=True)
        act = await self._append(SideActKind.REDACTED, actor, at, facts, {"why": why, "areas": []})
        await self._conn.execute(_RESTORE_FILE, attachment, act)
        return act

    def _shown(self, name: str) -> str | None:
        replaced = name in self.redacted
        shown: str | None = self._row[f"shown_{name}" if replaced else name]
        return shown

    async def _append(
        self, kind: SideActKind, actor: Actor, at: datetime, facts: dict[str, Any], words: dict[str, Any]
    ) -> int:
        return await self._acts.append(self._conn, self._key, kind, self.standing.tracking_id, at, actor, facts, words)

    async def _write(
        self, act: int, redacted: Iterable[str], until: int | None, why: str | None, words: dict[str, str]
    ) -> None:
        texts = [words[name] or None for name in WORDS]
        await self._conn.execute(_WRITE, self.standing.tracking_id, act, sorted(redacted), until, why, *texts)


def _said(passages: Sequence[str], why: str) -> dict[str, Any]:
    return {"why": why, "passages": list(passages)}


def _anew(*, restored: bool) -> dict[str, bool]:
    return {"anew": True} | ({"restored": True} if restored else {})


def _aad(attachment: UUID, variant: int) -> bytes:
    return f"public variant\x00{attachment}\x00{variant}".encode()
