"""`kawal find`: complaints by words; rahasia ones only for a stated purpose, and on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.commands.complaint_list import LIMIT, check_limit
from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.domain.labels import STATUSES
from kawal.wording.labels import label

if TYPE_CHECKING:
    from kawal.client.reading import Readings
    from kawal.store.word_search import FoundComplaint


def find(operator: Operator, *, search_words: list[str], purpose: str | None, limit: int) -> None:
    """List complaints that have all of the words; raises Refusal for who may not search rahasia reports."""
    check_limit(limit)
    words = " ".join(search_words)

    async def work(complaints: Readings) -> list[FoundComplaint]:
        from kawal.client.complaint_search import ComplaintSearch

        await operator.check_named(complaints)
        finding = ComplaintSearch(complaints)
        found = await finding.public(words, operator.instansi(), limit)
        if purpose is not None:
            found += await finding.withheld(words, await operator.actor(complaints), purpose, limit, "cli")
        return found

    found = operator.with_record(work)
    if operator.json:
        operator.write_json([one.model_dump(mode="json") for one in found])
    elif found:
        columns = ("tracking_id", "status", "received_at", "title")
        write_table(columns, (_row(operator, one) for one in found), operator.lang)
    else:
        operator.write(operator.say("nothing_found"))
    if purpose is None:
        operator.note(operator.say("find_public"))


SPECS = (
    Spec(
        "find",
        find,
        [
            Field("search_words", kind=list[str], default=REQUIRED),
            Field("purpose", "--purpose", help_key="find_purpose"),
            LIMIT,
        ],
    ),
)


def _row(operator: Operator, one: FoundComplaint) -> list[str]:
    title = operator.say("withheld") if one.rahasia else one.title or "–"
    return [
        one.tracking_id,
        label(STATUSES, one.status, operator.lang),
        show_instant(one.received_at, operator.lang),
        title,
    ]
