"""A receipt that somebody brings back, checked against the heads that this installation published.

It is checked by the very program that checks one without us (`verify_receipt.py`): this only finds the head to check
it against, and bounds what comes from strangers.
"""

from __future__ import annotations

import asyncio
import json
import re
from datetime import datetime
from typing import Any, NamedTuple

from kawal.audit.proof.verify_receipt import DAMAGED, FIELDS, FORM, ReceiptRejection, check_receipt
from kawal.domain.calendar import JAKARTA
from kawal.domain.msgids import Message, msgid
from kawal.proof.heads import Head
from kawal.proof.signing import MalformedProof
from kawal.store.log import Log

MOST_BYTES = 256 * 1024
"""The size of a receipt that is checked here; a larger one is checked with the program."""

_CHAIN = re.compile(r"complaint-([0-9]{7,9})")
_FIELD = {name: place for place, name in enumerate(FIELDS)}

_TOO_LARGE = msgid("The file is too large to be checked here. Check it with the program.")
_NO_RECEIPT = msgid("This is not a file of proof. Choose the one that the page of your report gave you.")
_DAMAGED = msgid("The file is incomplete, or something in it was changed.")
_OTHER_LOG = msgid("The file was sealed with a key that is not ours. It is of another installation, or forged.")
_NO_SUCH_HEAD = msgid("We never published the seal that this file names.")
_DOES_NOT_HOLD = msgid("The file does not agree with what we sealed and published.")


class ReceiptFault(Exception):  # noqa: N818 - an ordinary answer about a file
    """The file proves nothing, and why; `rejection` says it as the program does, where the program came to it."""

    def __init__(self, sentence: Message, rejection: ReceiptRejection | None = None) -> None:
        """Keep the reason."""
        super().__init__(str(sentence))
        self.sentence = sentence
        self.rejection = rejection


class ProvenStep(NamedTuple):
    """A step of the report that the receipt proves."""

    at: datetime
    kind: str
    status: str


class ProvenReport(NamedTuple):
    """What a receipt proves: the report's first steps, sealed with a head that was published."""

    number: str
    steps: list[ProvenStep]
    head: Head


async def check(log: Log, content: bytes) -> ProvenReport:
    """Return what the file proves; raises ReceiptFault, and asyncpg's errors."""
    receipt, head = await asyncio.to_thread(_read, content)
    if receipt.get("log") != await log.log_id():
        raise ReceiptFault(_OTHER_LOG)
    published = await log.head(head.size)
    if published is None:
        raise ReceiptFault(_NO_SUCH_HEAD)
    return await asyncio.to_thread(_proven, receipt, published)


def _read(content: bytes) -> tuple[dict[str, Any], Head]:
    """Return the receipt and its head; raises ReceiptFault."""
    if len(content) > MOST_BYTES:
        raise ReceiptFault(_TOO_LARGE)
    try:
        receipt = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise ReceiptFault(_NO_RECEIPT) from None
    if not isinstance(receipt, dict) or receipt.get("form") != FORM:
        raise ReceiptFault(_NO_RECEIPT)
    try:
        return receipt, Head.from_json(receipt.get("head"))
    except (MalformedProof, ValueError):
        raise ReceiptFault(_DAMAGED) from None


def _proven(receipt: dict[str, Any], published: Head) -> ProvenReport:
    try:
        for _ in check_receipt(receipt, [published.to_json()]):
            pass
        chain = _CHAIN.fullmatch(receipt["chain"])
        steps = [_step([text for _, text in sealed["row"]]) for sealed in receipt["rows"]]
    except ReceiptRejection as rejection:
        raise ReceiptFault(_DOES_NOT_HOLD, rejection) from rejection
    except DAMAGED:
        raise ReceiptFault(_DAMAGED) from None
    if chain is None:
        raise ReceiptFault(_NO_RECEIPT)
    return ProvenReport(chain[1], steps, published)


def _step(fields: list[str]) -> ProvenStep:
    at = datetime.fromtimestamp(int(fields[_FIELD["at"]]) // 1_000_000, JAKARTA)
    return ProvenStep(at, fields[_FIELD["kind"]], fields[_FIELD["status"]])
