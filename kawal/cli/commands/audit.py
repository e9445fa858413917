"""`kawal audit`: the log that seals the record, its keys, verification and receipts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_instant
from kawal.cli.terminal.faults import CommandRefusal
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import Field, Spec
from kawal.cli.terminal.tables import write_table

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints
    from kawal.client.reading import Readings
    from kawal.domain.sealing import SealResult
    from kawal.proof.heads import Head
    from kawal.proof.signing import KeySet


def seal(operator: Operator) -> None:
    """Seal what is new and publish the heads; raises CommandRefusal where a writing transaction does not end."""

    async def work(complaints: Complaints) -> SealResult:
        from activities.seal import seal_step
        from kawal.store.sealing import SealingWaits

        try:
            return await seal_step(complaints.system).seal_now()
        except SealingWaits:
            raise CommandRefusal("sealing_waits") from None

    sealed = operator.with_system(work)
    if operator.json:
        operator.write_json(sealed.model_dump(mode="json"))
    elif sealed.size is None:
        operator.write(operator.say("nothing_to_seal"))
    else:
        file = published(operator) / "heads.jsonl"
        told = operator.say("sealed", heads=sealed.heads, leaves=sealed.size, published=sealed.published, file=file)
        operator.write(told)


def heads(operator: Operator, *, heads_limit: int) -> None:
    """List the newest signed heads; with --json in the published form."""

    async def work(complaints: Readings) -> list[Head]:

        return await complaints.record.log.newest_heads(heads_limit)

    found = operator.with_record(work)
    if not found:
        raise CommandRefusal("nothing_sealed")
    if operator.json:
        operator.write_json([head.to_json() for head in found])
        return
    rows = ([str(one.size), show_instant(one.at, operator.lang), one.root.hex(), one.key_id[:16]] for one in found)
    write_table(("log_size", "at", "log_root", "signing_key"), rows, operator.lang)


def keys(operator: Operator, *, rotate_key: bool) -> None:
    """Show the public signing keys; with --rotate the admin first takes a new one, endorsed by the old."""

    async def work(complaints: Readings) -> KeySet:
        from kawal.desks.key_rotation import KeyRotation

        if rotate_key:
            new = await KeyRotation(complaints).rotate_signing(await operator.actor(complaints))
            operator.note(operator.say("signing_key_rotated", key=new.key_id[:16], old=new.endorsed_by[:16]))
        return await complaints.record.signing_keys.known_keys()

    found = operator.with_record(work)
    if not found.keys:
        raise CommandRefusal("nothing_sealed")
    if operator.json:
        operator.write_json(found.to_json())
        return
    rows = (
        [one.key_id, show_instant(one.created_at, operator.lang), show_instant(one.retired_at, operator.lang)]
        for one in found.keys
    )
    write_table(("signing_key", "created_at", "retired_at"), rows, operator.lang)


def published(operator: Operator) -> Path:
    """Return the folder in which this installation's heads and keys are published."""
    return operator.settings().home / "published"


SPECS: tuple[Spec, ...] = (
    Spec("seal", seal),
    Spec("heads", heads, [Field("heads_limit", "--limit", int, default=20)]),
    Spec("keys", keys, [Field("rotate_key", "--rotate", bool, default=False)]),
)
