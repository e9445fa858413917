"""`kawal attachments`: a complaint's files, for officials who may see them; each reading goes on record."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.files import write_new
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import TRACKING_ID, Field, Spec
from kawal.cli.terminal.tables import write_table

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.domain.messages import Actor
    from kawal.intake.attachments.official_access import OfficialAttachments
    from kawal.intake.attachments.service import AttachmentRef

Result = TypeVar("Result")

_PIECE = 256 * 1024


def attachments(
    operator: Operator,
    *,
    tracking_id: str,
    get_number: int | None,
    output: str | None,
    added_file: str | None,
    purpose: str | None,
) -> None:
    """List a complaint's attachments, write one to a file, or add one.

    Raises Refusal (on record), UsageError, CommandRefusal.
    """
    if (get_number is None) != (output is None) or (added_file is not None and get_number is not None):
        raise UsageError("attachment_options")

    sent = None if added_file is None else _content_of(Path(added_file).expanduser())

    async def work(files: OfficialAttachments, actor: Actor) -> tuple[list[AttachmentRef], bytes]:
        if sent is not None:
            return [await files.add(tracking_id, actor, *sent)], b""
        listed = await files.list(tracking_id, actor, purpose)
        if get_number is None:
            return listed, b""
        if not 1 <= get_number <= len(listed):
            raise CommandRefusal("no_such_attachment", number=get_number, most=len(listed))
        chosen = listed[get_number - 1]
        _, content = await files.open(tracking_id, chosen.id, actor, purpose)
        return [chosen], b"".join([piece async for piece in content])

    listed, content = _with_files(operator, tracking_id, work)
    if output is not None:
        write_new(Path(output).expanduser(), content)
    _tell(operator, listed, added=sent is not None)


SPECS = (
    Spec(
        "attachments",
        attachments,
        [
            TRACKING_ID,
            Field("get_number", "--get", int),
            Field("output", "--output", help_key="attachment_output"),
            Field("added_file", "--add"),
            Field("purpose", "--purpose"),
        ],
    ),
)


def _with_files(
    operator: Operator, tracking_id: str, work: Callable[[OfficialAttachments, Actor], Awaitable[Result]]
) -> Result:
    async def connected(complaints: Readings) -> Result:
        from kawal.intake.attachments.official_access import OfficialAttachments
        from kawal.intake.attachments.refusals import AttachmentRefused
        from kawal.intake.attachments.service import Attachments
        from kawal.intake.attachments.settings import AttachmentSettings

        store = Attachments(complaints.record, AttachmentSettings.from_env(complaints.settings.home))
        actor = await operator.actor_on(complaints, tracking_id)
        try:
            return await work(OfficialAttachments(complaints, store, "cli"), actor)
        except AttachmentRefused as error:
            raise CommandRefusal("attachment_refused", sentence=error.sentence) from error

    return operator.with_record(connected)


def _content_of(path: Path) -> tuple[str, AsyncIterator[bytes]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError("no_such_file", option="--add", path=path, detail=error.strerror) from None

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), _PIECE):
            yield content[start : start + _PIECE]

    return path.name, pieces()


def _tell(operator: Operator, listed: list[AttachmentRef], *, added: bool) -> None:
    if operator.json:
        operator.write_json([one.model_dump(mode="json", exclude={"fresh"}) for one in listed])
    elif added:
        operator.write(operator.say("attachment_added", id=listed[0].id))
    elif listed:
        columns = ("attachment_number", "attachment_name", "media_type", "size", "added_at", "seq", "attachment_id")
        write_table(columns, (_row(operator, number, one) for number, one in enumerate(listed, 1)), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))


def _row(operator: Operator, number: int, one: AttachmentRef) -> list[str]:
    added_at = show_instant(one.added_at, operator.lang)
    step = "–" if one.event_seq is None else str(one.event_seq)
    return [str(number), one.name, one.media_type, str(one.size), added_at, step, one.id]
