"""`kawal audit verify` and `kawal audit receipt`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kawal.cli.terminal.dates import parse_day
from kawal.cli.terminal.faults import CommandRefusal, UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, TRACKING_ID, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.wording.catalogues import say

if TYPE_CHECKING:
    from temporalio.client import Client

    from kawal.audit.proof.findings import VerificationResult
    from kawal.client.complaints import Complaints
    from kawal.client.reading import Readings
    from kawal.domain.messages import Actor
    from kawal.proof.heads import Head
    from kawal.proof.signing import KeySet

Found = TypeVar("Found")

SHOWN = 200
"""Findings that are listed on a screen; --json has them all."""

LARGEST = 64 * 1024 * 1024


def verify(
    operator: Operator,
    *,
    verify_id: str | None,
    verify_since: str | None,
    kept_head: Path | None,
    kept_keys: Path | None,
    chains_only: bool,
    with_engine: bool,
) -> int:
    """Verify one complaint, or everything; return 1 where something was found.

    The verification itself goes on record. Raises UsageError for files that are not what they should be, Refusal for an
    unknown complaint.
    """
    heads = [] if kept_head is None else _heads(kept_head)
    keys = None if kept_keys is None else _keys(kept_keys)
    since = _since(verify_since, verify_id)

    async def with_its_histories(complaints: Complaints) -> VerificationResult:
        return await verified_by(complaints, complaints.client)

    async def verified_by(complaints: Readings, engine: Client | None = None) -> VerificationResult:
        from kawal.audit.proof.verify import Verification
        from kawal.base.progress import Progress
        from kawal.domain.access import Act

        actor = await _actor(operator, complaints)
        progress = Progress(operator.say("verifying"))
        verification = Verification(complaints.pool, complaints.record.keys, progress.show, engine)
        if verify_id is not None:
            await complaints.snapshot(verify_id)
            verified = await verification.one(verify_id, kept=heads, kept_keys=keys)
        else:
            verified = await verification.all(kept=heads, kept_keys=keys, since=since, model=not chains_only)
        progress.done(operator.say("verify_done", findings=verified.found))
        told = {"found": verified.found, "log_size": verified.log_size, "events": verified.counted.get("event", 0)}
        await complaints.authority.done(actor, Act.VERIFY_RECORD, told, tracking_id=verify_id)
        return verified

    if with_engine:
        verified = operator.with_system(with_its_histories, long=True)
    else:
        verified = operator.with_record(verified_by, long=True)
    if operator.json:
        from kawal.audit.proof.verification_words import as_json

        operator.write_json(as_json(verified))
    else:
        _tell(operator, verified)
    return int(verified.found > 0)


def receipt(operator: Operator, *, tracking_id: str, receipt_file: Path) -> None:
    """Write a complaint's receipt, for its reporter or an overseer; the export goes on record.

    Refused for what is not sealed yet, or no longer as it was sealed.
    """

    async def work(complaints: Readings) -> dict[str, Any]:
        from kawal.audit.proof.receipt import NotAsSealed, NotSealedYet, receipt
        from kawal.client.reading import check_tracking
        from kawal.domain.access import Act
        from kawal.domain.names import Role

        check_tracking(tracking_id)
        actor = await operator.actor_on(complaints, tracking_id)
        await complaints.authority.reading(
            actor,
            Act.TAKE_RECEIPT,
            tracking_id,
            via="cli",
            addressed=actor.role is Role.REPORTER,
            facts={"what": "receipt"},
        )
        try:
            return await receipt(complaints.pool, complaints.record.keys, tracking_id)
        except NotSealedYet:
            raise CommandRefusal("receipt_not_sealed") from None
        except NotAsSealed as error:
            raise CommandRefusal("receipt_not_as_sealed", where=error) from None

    made = operator.with_record(work)
    receipt_file.write_text(json.dumps(made, indent=1) + "\n", "utf-8")
    if operator.json:
        operator.write_json({"file": str(receipt_file), "events": len(made["rows"]), "head": made["head"]})
    else:
        told = operator.say("receipt_written", file=receipt_file, events=len(made["rows"]), size=made["head"]["size"])
        operator.write(told)
    if made["not_sealed_yet"]:
        operator.note(operator.say("receipt_later", events=made["not_sealed_yet"]))


SPECS = (
    Spec(
        "verify",
        verify,
        [
            Field("verify_id"),
            Field("verify_since", "--since"),
            Field("kept_head", "--head", Path),
            Field("kept_keys", "--keys", Path),
            Field("chains_only", "--chains", bool, default=False),
            Field("with_engine", "--engine", bool, default=False),
        ],
    ),
    Spec("receipt", receipt, [TRACKING_ID, Field("receipt_file", "--output", Path, default=REQUIRED)]),
)


async def _actor(operator: Operator, complaints: Readings) -> Actor:
    """Return who verifies; a verification by the machine's own schedule names nobody."""
    from kawal.domain.process.decide import CLOCKWORK

    return CLOCKWORK if operator.acting() is None else await operator.actor(complaints)


def _since(text: str | None, verify_id: str | None) -> datetime | None:
    from kawal.domain.calendar import at_local

    if text is None:
        return None
    if verify_id is not None:
        raise UsageError("verify_one_or_since")
    return at_local(parse_day(text, "--since"), 0)


def _heads(file: Path) -> list[Head]:
    from kawal.proof.heads import read_heads

    return _read(file, read_heads)


def _keys(file: Path) -> KeySet:
    from kawal.proof.signing import KeySet, MalformedProof

    def read(text: str) -> KeySet:
        try:
            return KeySet.from_json(json.loads(text))
        except ValueError:
            raise MalformedProof("the file is no JSON") from None

    return _read(file, read)


def _read(file: Path, read: Callable[[str], Found]) -> Found:
    from kawal.proof.signing import MalformedProof

    try:
        if file.stat().st_size > LARGEST:
            raise UsageError("not_proof", file=file, detail=f"> {LARGEST} B")
        return read(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, MalformedProof, RecursionError) as error:
        raise UsageError("not_proof", file=file, detail=" ".join(str(error).split())[:200]) from None


def _tell(operator: Operator, verified: VerificationResult) -> None:
    from kawal.audit.proof.verification_words import checked_in_words, conclusion_in_words

    for line in checked_in_words(verified, operator.lang):
        operator.write(line)
    if verified.found:
        rows = ([one.where, say(operator.lang, one.sentence)] for one in verified.findings[:SHOWN])
        write_table(("where", "finding"), rows, operator.lang)
    operator.write(conclusion_in_words(verified, operator.lang))
