"""`kawal case-file`: one complaint's whole record in a file, to hand to the Ombudsman."""

from __future__ import annotations

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from kawal.cli.commands.recap import write_file
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, TRACKING_ID, Field, Spec

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints


class Form(StrEnum):
    """The form of the file: for people, or for programs."""

    PDF = "pdf"
    JSON = "json"


def case_file(
    operator: Operator,
    *,
    tracking_id: str,
    case_output: str,
    case_format: Form | None,
    purpose: str | None,
    without_identity: bool,
) -> None:
    """Write a complaint's case file; raises Refusal for who may not have it, and where no purpose is stated."""
    path = Path(case_output).expanduser()
    form = case_format or _form_of(path)

    async def work(complaints: Complaints) -> bytes:
        from kawal.audit.history.case_file import CaseFiles
        from kawal.audit.history.case_file_pdf import as_pdf

        actor = await operator.actor_on(complaints, tracking_id)
        case = await CaseFiles(complaints).make(
            tracking_id,
            actor,
            purpose=purpose,
            identity=not without_identity,
            via="cli",
            form=form,
            lang=operator.lang,
        )
        return as_pdf(case, operator.lang) if form is Form.PDF else case.model_dump_json(indent=2).encode()

    # Refused before the export is on record, not after.
    _check_place(path)
    content = operator.with_system(work)
    write_file(str(path), content)
    digest = hashlib.sha256(content).hexdigest()
    if operator.json:
        operator.write_json({"tracking_id": tracking_id, "path": str(path), "format": form, "sha256": digest})
    else:
        operator.write(operator.say("case_file_written", tracking=tracking_id, path=path, digest=digest))


SPECS = (
    Spec(
        "case-file",
        case_file,
        [
            TRACKING_ID,
            Field("case_output", "--output", default=REQUIRED),
            Field("case_format", "--format", Form),
            Field("purpose", "--purpose"),
            Field("without_identity", "--without-identity", bool, default=False),
        ],
    ),
)


def _form_of(path: Path) -> Form:
    try:
        return Form(path.suffix.lower().removeprefix("."))
    except ValueError:
        raise UsageError("case_file_form", path=path.name) from None


def _check_place(path: Path) -> None:
    if path.is_dir() or not path.parent.is_dir():
        raise UsageError("cannot_write", path=path, detail="folder")
