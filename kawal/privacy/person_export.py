"""All data held about a person, in one ZIP file for them: JSON, readable text, attachments and letters as received.

`person.json` (form `kawal-person-1`): instants in UTC, ISO 8601. Officials are named by role and OPD, not as persons.
It covers the reports that `person` finds; whoever hands it over first looks through it for other people's data.
"""

from __future__ import annotations

import asyncio
import json
import os
import zipfile
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from kawal.client.complaints import Complaints
from kawal.domain.labels import EVENTS, ROLES
from kawal.domain.messages import Actor, Event
from kawal.domain.msgids import Message, msgid, msgids
from kawal.domain.names import Channel
from kawal.domain.notices import Recipient
from kawal.domain.record_labels import ENTRIES
from kawal.domain.refusals import Refusal
from kawal.privacy.erasure import Objects
from kawal.store.side_acts import SideAct
from kawal.store.supports import Support
from kawal.wording.catalogues import say
from kawal.wording.dates import show_instant
from kawal.wording.labels import label, pairs_in_words
from kawal.wording.letters import letter
from kawal.wording.side_acts import marked_act

FORM = "kawal-person-1"
_HEADING = msgid("All data held about your reports")
_REPORT = msgid("Report")
_NOTICES = msgid("Notices")
_READERS = msgid("Who read it")
_SUPPORTS = msgid("Reports that you support")
_SUPPORTERS = msgids("{count} person supports this report.", "{count} people support this report.")
_CALLED = {"proposed_class": "class"}
_SIZE = msgids("{count} byte", "{count} bytes")
_ENTRIES = ENTRIES | {"refused": EVENTS["refused"]}


class PersonExport:
    """Collects the data held about complaints and writes them to a file."""

    def __init__(self, complaints: Complaints, objects: Objects, lang: str) -> None:
        """Read through the client of a running system; `lang` ("id" or "en") is the language of the readable part."""
        self._complaints = complaints
        self._objects = objects
        self._lang = lang
        connected = complaints.system
        self._inbox = connected.inbox
        self._outbox = connected.outbox
        self._messages = connected.outgoing_messages
        self._kept = connected.kept_replies
        self._letters = connected.raw_letters

    async def write(
        self, reports: Sequence[str], reader: Actor, said: str, output: Path, supports: Sequence[Support] = ()
    ) -> dict[str, Any]:
        """Write all of these reports and supports to a new file that only its owner may read; return the counts.

        A file of that name is replaced when the new one is complete. Raises OSError, and the errors of database, keys
        and storage: then nothing was written.
        """
        async with _fresh(output) as archive:
            told = [await self._told(tracking_id, reader, archive) for tracking_id in reports]
            content = {
                "form": FORM,
                "made_at": self._complaints.now(),
                "made_by": {"role": reader.role, "instansi": reader.instansi},
                "purpose": said,
                "reports": told,
                "supports": [one._asdict() for one in supports],
            }
            archive.writestr("person.json", json.dumps(content, ensure_ascii=False, indent=2, default=_plain))
            archive.writestr("person.txt", "\n".join(self._readable(told) + self._supported(supports)) + "\n")
        files = {kind: sum(len(one[kind]) for one in told) for kind in ("attachments", "letters")}
        return {"reports": len(told)} | files

    async def _told(self, tracking_id: str, reader: Actor, archive: zipfile.ZipFile) -> dict[str, Any]:
        complaints = self._complaints
        accepted = await self._inbox.find(tracking_id)
        if accepted is None:
            raise Refusal("unknown_complaint", tracking=tracking_id[:20])
        row = await complaints.ledger.snapshot(tracking_id)
        events = await complaints.ledger.events(tracking_id)
        names = {opd.code: opd.name for opd in await complaints.directory.opds(accepted.instansi)}
        attachments = await self._attachments(tracking_id, reader, archive)
        letters = await self._raw_letters(tracking_id, archive)
        return {
            "tracking_id": tracking_id,
            "instansi": accepted.instansi,
            "received_at": accepted.received_at,
            "report": accepted.report.model_dump(mode="json"),
            "standing": None if row is None else row.model_dump(mode="json"),
            "events": [_event(event) for event in events],
            "public_acts": [_act(one) for one in await complaints.record.side_acts.of_officials(tracking_id)],
            "supporters": (await complaints.record.supports.counts([tracking_id]))[tracking_id],
            "kept_replies": [
                {"at": at, "state": state, **arguments} for at, state, arguments in await self._kept.all_of(tracking_id)
            ],
            "notices": [
                {"at": at, "kind": notice.kind, **self._letter(notice.kind, tracking_id, notice.body, names)}
                for at, notice in await self._outbox.told_to_the_reporter(tracking_id)
            ],
            "messages": [
                {"at": line.created_at, "kind": line.kind, "status": line.status, "to": sent.to, "text": sent.words}
                for line, sent in await self._messages.told(tracking_id)
            ],
            "access": [
                {"at": entry.at, "kind": entry.kind, "role": entry.actor.role, "opd": entry.actor.opd}
                async for entry in complaints.access_log.entries(tracking_id)
            ],
            "attachments": attachments,
            "letters": letters,
        }

    async def _attachments(self, tracking_id: str, reader: Actor, archive: zipfile.ZipFile) -> list[dict[str, Any]]:
        told = []
        for number, ref in enumerate(await self._objects.list(tracking_id), 1):
            place = f"attachments/{tracking_id}/{number:02}-{ref.name}"
            _, content = await self._objects.open(tracking_id, ref.id, public=False, reader=reader)
            with archive.open(place, "w", force_zip64=True) as file:
                async for piece in content:
                    file.write(piece)
            told.append({**ref.model_dump(mode="json", exclude={"fresh"}), "file": place})
        return told

    async def _raw_letters(self, tracking_id: str, archive: zipfile.ZipFile) -> list[dict[str, Any]]:
        told = []
        for line in await self._letters.lines(tracking_id):
            letter = await self._letters.raw(tracking_id, line.number)
            if letter is None:
                raise Refusal("erased", tracking=tracking_id)
            ending = "eml" if line.channel is Channel.EMAIL else "txt"
            place = f"letters/{tracking_id}/{line.number:02}.{ending}"
            await asyncio.to_thread(archive.writestr, place, letter.raw)
            told.append({**line.model_dump(mode="json"), "file": place})
        return told

    def _letter(self, kind: str, tracking_id: str, body: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, str]:
        said = letter(kind, tracking_id, body, self._lang, names, to=Recipient.REPORTER)
        return {"subject": said.subject, "text": said.text}

    def _readable(self, told: Sequence[dict[str, Any]]) -> list[str]:
        heading, report, notices, readers = (say(self._lang, one) for one in (_HEADING, _REPORT, _NOTICES, _READERS))
        lines = [heading, ""]
        for one in told:
            lines.append(f"{report} {one['tracking_id']} ({one['instansi']}), {self._at(one['received_at'])}")
            lines += [f"  {field}" for field in self._fields(one["report"])]
            for event in one["events"]:
                who = " ".join(filter(None, (self._named(ROLES, event["role"]), event["opd"])))
                lines.append(f"  {self._at(event['at'])} {self._named(EVENTS, event['kind'])} ({who})")
                said = {} if event["kind"] == "started" else event["words"] or {}
                lines += [f"    {field}" for field in self._fields(said)]
            lines += [f"  {line}" for line in self._public(one)]
            lines += [f"  {self._at(reply['at'])} {reply['text']}" for reply in one["kept_replies"]]
            lines.append(f"  {notices}:")
            lines += [f"    {self._at(notice['at'])} {notice['subject']}" for notice in one["notices"]]
            lines += [f"    {self._at(sent['at'])} {sent['to']}: {sent['text']}" for sent in one["messages"]]
            files = one["attachments"] + one["letters"]
            lines += [f"  {file['file']} ({say(self._lang, _SIZE, count=file['size'])})" for file in files]
            lines.append(f"  {readers}:")
            lines += [
                f"    {self._at(read['at'])} {self._named(_ENTRIES, read['kind'])} ({self._named(ROLES, read['role'])})"
                for read in one["access"]
            ]
            lines.append("")
        return lines

    def _public(self, told: Mapping[str, Any]) -> list[str]:
        """Return what officials released or hid of a report, with why, and how many support it."""
        lines = []
        for act in told["public_acts"]:
            said = marked_act(act["kind"], act["facts"], self._lang)
            lines.append(f"{self._at(act['at'])} {said} ({self._named(ROLES, act['role'])})")
            lines += [f"  {field}" for field in self._fields(act["words"] or {})]
        if told["supporters"]:
            lines.append(say(self._lang, _SUPPORTERS, count=told["supporters"]))
        return lines

    def _supported(self, supports: Sequence[Support]) -> list[str]:
        if not supports:
            return []
        return [say(self._lang, _SUPPORTS), *(f"  {one.tracking_id} {self._at(one.since)}" for one in supports)]

    def _fields(self, found: Mapping[str, Any]) -> list[str]:
        """Return the non-empty values by the names that people know, one a line."""
        told = (pairs_in_words({_CALLED.get(name, name): value}, self._lang) for name, value in found.items())
        return [field for field in told if field]

    def _at(self, at: datetime) -> str:
        return show_instant(at, self._lang)

    def _named(self, table: Mapping[Any, Message], key: str) -> str:
        return label(table, key, self._lang)


def _event(event: Event) -> dict[str, Any]:
    return {
        "seq": event.seq,
        "at": event.at,
        "kind": event.kind,
        "status": event.status,
        "role": event.actor.role,
        "opd": event.actor.opd,
        "words": event.words,
    }


def _act(act: SideAct) -> dict[str, Any]:
    role = None if act.actor is None else act.actor.role
    return {"at": act.at, "kind": act.kind, "role": role, "facts": act.facts, "words": act.words}


@asynccontextmanager
async def _fresh(output: Path) -> AsyncIterator[zipfile.ZipFile]:
    """Yield a ZIP file beside `output` that replaces it when the block succeeds, and is removed when it fails."""
    draft = output.with_name(f".{output.name}.{os.getpid()}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                yield archive
            file.flush()
            os.fsync(file.fileno())
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
