"""Texts that agencies keep for their officials' forms: words of the office, about nobody, therefore in the clear."""

from __future__ import annotations

import asyncpg
from pydantic import BaseModel

from kawal.domain.canned_texts import is_of
from kawal.domain.names import CommandName, Status

LIMIT = 200
"""An agency keeps at most so many texts for one command."""


class CannedText(BaseModel):
    """A text, and when it is offered."""

    number: int
    instansi: str
    command: CommandName
    status: Status | None
    """Offered in this status alone; None: in any."""
    category: str | None
    """Offered for this category and those below it; None: for any."""
    title: str
    text: str

    def is_for(self, status: Status, category: str | None) -> bool:
        """Tell whether it is offered for a report in that status and of that category."""
        return self.status in (None, status) and is_of(category, self.category)


class CannedTexts:
    """A store of canned texts."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def add(
        self,
        instansi: str,
        command: CommandName,
        title: str,
        text: str,
        *,
        status: Status | None = None,
        category: str | None = None,
    ) -> int | None:
        """Keep a text and return its number; None if the agency has LIMIT of that command already."""
        number: int | None = await self._pool.fetchval(
            "insert into canned_text (instansi, command, status, category, title, text)"
            " select $1::code_word, $2::text, $3::status_word, $4, $5, $6"
            " where (select count(*) from canned_text where instansi = $1::code_word and command = $2::text) < $7"
            " returning id",
            instansi,
            str(command),
            None if status is None else str(status),
            category,
            title,
            text,
            LIMIT,
        )
        return number

    async def change(self, instansi: str, text: CannedText) -> CannedText | None:
        """Replace an agency's text of that number and return it as it was; None if it has none."""
        row = await self._pool.fetchrow(
            "update canned_text new set command = $3::text, status = $4::status_word, category = $5, title = $6,"
            " text = $7 from canned_text old where new.instansi = $1 and new.id = $2 and old.id = new.id"
            " returning old.*",
            instansi,
            text.number,
            str(text.command),
            None if text.status is None else str(text.status),
            text.category,
            text.title,
            text.text,
        )
        return None if row is None else _text(row)

    async def remove(self, instansi: str, number: int) -> CannedText | None:
        """Remove an agency's text and return it; None if it has none of that number."""
        row = await self._pool.fetchrow(
            "delete from canned_text where instansi = $1 and id = $2 returning *", instansi, number
        )
        return None if row is None else _text(row)

    async def all(self, instansi: str) -> list[CannedText]:
        """Return an agency's texts, by command and title."""
        rows = await self._pool.fetch(
            "select * from canned_text where instansi = $1 order by command, title, id", instansi
        )
        return [_text(row) for row in rows]

    async def offered(self, instansi: str, status: Status, category: str | None) -> list[CannedText]:
        """Return the texts for a report in a status and of a category, by command and title."""
        return [text for text in await self.all(instansi) if text.is_for(status, category)]


def _text(row: asyncpg.Record) -> CannedText:
    return CannedText(number=row["id"], **{name: row[name] for name in CannedText.model_fields if name != "number"})
