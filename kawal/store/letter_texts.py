"""Agencies' own words in letters; only added to, so that it is known what a letter said."""

from __future__ import annotations

from datetime import datetime

import asyncpg
from pydantic import BaseModel

from kawal.domain.letter_texts import SIGNATURE, OwnWords, made_of


class LetterText(BaseModel):
    """The text of a part of an agency's letters in a language, and since when (UTC); empty: nothing of its own."""

    instansi: str
    part: str
    lang: str
    text: str
    since: datetime


class LetterTexts:
    """A store of agencies' own words in letters."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        """Work through `pool`."""
        self._pool = pool

    async def set(self, instansi: str, part: str, lang: str, text: str) -> None:
        """Let a part say something from now on; empty: nothing of its own."""
        await self._pool.execute(
            "insert into letter_text (instansi, part, lang, text) values ($1, $2, $3, $4)", instansi, part, lang, text
        )

    async def of(self, instansi: str) -> list[LetterText]:
        """Return what an agency's letters say now, by part and language."""
        rows = await self._pool.fetch(
            "select distinct on (part, lang) instansi, part, lang, text, since from letter_text"
            " where instansi = $1 order by part, lang, since desc, id desc",
            instansi,
        )
        return [LetterText(**dict(row)) for row in rows if row["text"]]

    async def words(self, instansi: str, kind: str, lang: str, at: datetime, *, number: str, agency: str) -> OwnWords:
        """Return what a letter of a kind says in the agency's words, of a notice that was made at a time (UTC).

        `number` is the report's, `agency` the agency's name: they fill the texts' places.
        """
        rows = await self._pool.fetch(
            "select distinct on (part) part, text from letter_text"
            " where instansi = $1 and part in ($2, $3) and lang = $4 and since <= $5"
            " order by part, since desc, id desc",
            instansi,
            kind,
            SIGNATURE,
            lang,
            at,
        )
        said = {row["part"]: made_of(row["text"], {"nomor": number, "instansi": agency}) for row in rows}
        return OwnWords(said.get(kind, ""), said.get(SIGNATURE, ""))
