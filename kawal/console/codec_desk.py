"""Decides which payloads the codec decrypts: those of complaints that the official may read, each reading on record."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from temporalio.api.common.v1 import Payload

from kawal.client.complaints import Complaints
from kawal.console.auth.signed_in import recognised
from kawal.console.codec import Visit
from kawal.crypto.codec import DATA_KEY_ID, ENCRYPTED, UNDECODABLE, ComplaintCodec
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.access import Act
from kawal.domain.messages import Actor
from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.domain.names import COMPLAINT_PREFIX
from kawal.domain.refusals import Refusal
from kawal.store.passes import PREFIX
from kawal.web.problems import Problem
from kawal.wording.catalogues import LANGS, say

AGAIN_AFTER = 300.0
"""How long one entry in the access log, or one refusal, covers a visitor's payloads of one complaint (seconds)."""

_MOST_REMEMBERED = 10_000


class Note(NamedTuple):
    """Why a payload is not shown, in each language."""

    why: Sayable

    def payload(self) -> Payload:
        """Return the note as a payload, which takes the place of the one that is not shown."""
        told = json.dumps({"kawal": {lang: say(lang, self.why) for lang in LANGS}}, ensure_ascii=False).encode()
        return Payload(metadata={"encoding": b"json/plain"}, data=told)


class CodecDesk:
    """Decrypts payloads for officials who are signed in, and for programs with a pass.

    A payload may hold anything known about a complaint, including who its reporter is: so it is shown only to those who
    may know that, for a stated purpose. What belongs to no complaint is shown to overseers.
    """

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints
        self._keys = complaints.system.keys
        self._codec = ComplaintCodec(self._keys)
        self._passes = complaints.system.passes
        self._authority = complaints.authority
        self._answered: dict[tuple[str, str, str, str], tuple[Note | None, float]] = {}

    async def admits(self, secret: str) -> bool:
        """Tell whether the secret is a valid pass, or the cookie of a session that goes on."""
        return await self._who(secret) is not None

    async def show(self, visit: Visit | None, payloads: Sequence[Payload], login_url: str) -> list[Payload]:
        """Return the payloads as the visitor may see them; raises the database's errors when it is unavailable."""
        actor = None if visit is None else await self._who(visit.secret)
        if visit is None or actor is None:
            note = Note(sentence(msgid("Encrypted; log in first at {url}"), url=login_url)).payload()
            return [note if _is_encrypted(payload) else payload for payload in payloads]
        return [await self._shown(visit, actor, payload) if _is_encrypted(payload) else payload for payload in payloads]

    async def _who(self, secret: str) -> Actor | None:
        if secret.startswith(PREFIX):
            return await self._passes.who(secret)
        try:
            signed = await recognised(self._complaints, secret)
        except Problem:  # somebody who holds no role any more
            return None
        return None if signed is None else signed.actor

    async def _shown(self, visit: Visit, actor: Actor, payload: Payload) -> Payload:
        try:
            owner = await self._owner_of(payload)
            note = _FOREIGN if owner is None else await self._answer(visit, actor, owner)
            if note is not None:
                return note.payload()
            opened = (await self._codec.decode([payload]))[0]
        except KeyDestroyed:
            return _ERASED.payload()
        except KeyUnavailable:
            return _AWAY.payload()
        return _FOREIGN.payload() if opened.metadata.get("encoding") == UNDECODABLE else opened

    async def _owner_of(self, payload: Payload) -> str | None:
        try:
            key = await self._keys.key_by_id(UUID(payload.metadata[DATA_KEY_ID].decode("ascii")))
        except (KeyError, ValueError):
            return None
        return None if key is None else key.owner

    async def _answer(self, visit: Visit, actor: Actor, owner: str) -> Note | None:
        """Return why this visitor is not shown what belongs to the owner, None if they are; on record.

        One entry, or one refusal, covers AGAIN_AFTER.
        """
        asked, now = (visit.number, actor.account, visit.purpose, owner), time.monotonic()
        known = self._answered.get(asked)
        if known is None or now - known[1] > AGAIN_AFTER:
            if len(self._answered) >= _MOST_REMEMBERED:
                self._answered.clear()
            known = self._answered[asked] = (await self._put_on_record(visit, actor, owner), now)
        return known[0]

    async def _put_on_record(self, visit: Visit, actor: Actor, owner: str) -> Note | None:
        try:
            if owner.startswith(COMPLAINT_PREFIX):
                await self._authority.reading(
                    actor,
                    Act.DECODE,
                    owner.removeprefix(COMPLAINT_PREFIX),
                    via="codec",
                    purpose=visit.purpose or None,
                    identity=True,
                )
            else:
                await self._of_the_system(actor, visit.purpose)
        except Refusal as refusal:
            return Note(refusal.sentence)
        return None

    async def _of_the_system(self, actor: Actor, purpose: str) -> None:
        await self._authority.allow(actor, Act.DECODE_SYSTEM, via="codec")
        await self._authority.found(actor, Act.DECODE_SYSTEM, via="codec", words={"purpose": purpose})


def _is_encrypted(payload: Payload) -> bool:
    return payload.metadata.get("encoding") == ENCRYPTED


_FOREIGN = Note(msgid("Cannot be decrypted: not encrypted here, or changed"))
_ERASED = Note(msgid("Erased: its key was destroyed"))
_AWAY = Note(msgid("Its key is not available now; try again later"))
