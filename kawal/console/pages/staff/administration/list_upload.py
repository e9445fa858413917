"""A list that a form takes pasted or as a file, whose text stands in the form from then on as if it were pasted."""

from __future__ import annotations

from starlette.datastructures import UploadFile
from starlette.requests import Request

from kawal.console.pages.staff.page_forms import Fields, TypedFault
from kawal.domain.msgids import msgid
from kawal.domain.validation_messages import UnreadableFile
from kawal.intake.list_file import LARGEST, MOST_CHARACTERS, TOO_LONG, ListFiles

LIST, FILE = "daftar", "berkas"
"""The fields of a pasted list, and of a file, which counts if there are both."""

FORM_BYTES = 4 * LARGEST
"""The most bytes of such a form: of a file somewhat too large its page can still say so."""

_NEITHER = msgid("Choose a file, or paste the list.")


async def list_text(request: Request, file: UploadFile) -> str:
    """Return the text of a file that was chosen; raises TypedFault, which names the row where there is one."""
    files: ListFiles = request.app.state.list_files
    try:
        return await files.text_of(await file.read(LARGEST + 1))
    except UnreadableFile as error:
        raise TypedFault(error.reason) from error


def list_of(fields: Fields) -> str:
    """Return the list that a form holds; raises TypedFault for none, and for one that is too long."""
    # Browsers send the line break with which a text field begins.
    text = fields.get(FILE) or fields.get(LIST, "").lstrip("\r\n")
    if not text.strip():
        raise TypedFault(_NEITHER)
    if len(text) > MOST_CHARACTERS:
        raise TypedFault(TOO_LONG)
    return text
