"""Reports that may be about the same matter: by shared words, place and time.

For anybody among what is public, read through the view `public_report` alone; for officials who oversee an agency's
complaints also among those that are not verified yet, or supervised.

Words are compared as PostgreSQL's `indonesian` text search sees them (stemmed, without stopwords). A rahasia or erased
report has no words in the read model and so is never found here (store.blind_index finds rahasia ones for those who may
read them); the report compared with may be any. docs/suggestion.md explains how similarity is computed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

import asyncpg

from kawal.domain.checks import SimilarReport
from kawal.domain.messages import Place
from kawal.store.text_queries import any_of

WINDOW = timedelta(days=60)
"""How far back, by receipt, similar reports are searched."""

CANDIDATES = 40
"""The number of best results of the text search that are compared in detail."""

QUERY_WORDS = 24
"""The maximum number of the text's words that are searched, longest first: long words are the rarer ones."""

WORDS_WEIGHT, PLACE_WEIGHT, TIME_WEIGHT = 0.65, 0.25, 0.10
LEAST_WORDS = 0.25
"""Reports whose words are less similar than this are not about the same matter, wherever they are."""

LEAST_SCORE = 0.40
NEAR_METRES, FAR_METRES = 100.0, 2000.0
"""Up to NEAR_METRES the places are the same; from FAR_METRES on they are different."""

_LEXEMES = "select tsvector_to_array(to_tsvector('indonesian', $1)), tsvector_to_array(to_tsvector('simple', $2))"

FREQUENT = 500
"""Words that more of the public reports contain are not searched where rarer ones are there: they tell little of a
matter, and so many reports cannot be compared while somebody waits."""

_FREQUENT = """
    select e.word
    from pg_stats s, unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) as e (word, share)
    where s.schemaname = current_schema() and s.tablename = 'board_entry' and s.attname = 'found_by'
      and e.word = any ($1)
      and e.share * (select reltuples from pg_class where oid = 'board_entry'::regclass) > $2
"""
_LIKELY = """
    select b.tracking_id::text as tracking_id from board_entry b
    where b.instansi = $1 and b.shown_at between $2 and $3 and b.tracking_id <> $4
      and b.status not in ('digabung', 'bukan_wewenang') and b.found_by @@ $5::tsquery
    order by ts_rank(b.found_by, $5::tsquery) desc, b.tracking_id limit $6
"""
_COMPARED = """
    c.tracking_id::text as tracking_id, c.received_at, c.latitude, c.longitude, tsvector_to_array(c.search) as words,
    tsvector_to_array(to_tsvector('simple', coalesce(c.place, ''))) as place
"""
_PUBLIC = f"select {_COMPARED} from public_report c where c.tracking_id::text = any ($1)"  # noqa: S608 - own words
_ALL = f"""
    select {_COMPARED}
    from (select * from complaint a where not exists
        (select from concealment k where k.tracking_id = a.tracking_id and k.rahasia)) c
    where c.instansi = $1 and c.received_at between $2 and $3 and c.tracking_id <> $4
      and c.status not in ('digabung', 'bukan_wewenang') and c.search @@ $5::tsquery
    order by ts_rank(c.search, $5::tsquery) desc, c.tracking_id
    limit $6
"""  # noqa: S608 - own words
"""Rahasia and erased ones have no words; one that was concealed as such just now still has."""


class _SimilarityQuery(NamedTuple):
    words: frozenset[str]
    place_words: frozenset[str]
    place: Place
    at: datetime


class ComparedReport(NamedTuple):
    """The report to which similar ones are looked for; `text` is title and body together, `at` its receipt (aware)."""

    instansi: str
    tracking_id: str
    text: str
    place: Place
    at: datetime


async def public_likenesses(conn: asyncpg.Connection, compared: ComparedReport, most: int = 5) -> list[SimilarReport]:
    """Return the agency's public reports most similar to this one, best first, received in the WINDOW up to then.

    Distances to anonim ones are to within a kilometre. Nothing is found for a text without significant words.
    """
    read = await _read(conn, compared)
    if not read.words:
        return []
    frequent = {row["word"] for row in await conn.fetch(_FREQUENT, list(read.words), FREQUENT)}
    asked = _any_of(read.words - frequent or read.words)
    likely = await conn.fetch(_LIKELY, *_candidates(compared, asked))
    return _likenesses(read, await conn.fetch(_PUBLIC, [row["tracking_id"] for row in likely]), most)


async def likenesses_for_overseers(
    conn: asyncpg.Connection, compared: ComparedReport, most: int = 5
) -> list[SimilarReport]:
    """Return the same among all of the agency's reports that are not rahasia: only for those who oversee them."""
    read = await _read(conn, compared)
    if not read.words:
        return []
    return _likenesses(read, await conn.fetch(_ALL, *_candidates(compared, _any_of(read.words))), most)


async def _read(conn: asyncpg.Connection, compared: ComparedReport) -> _SimilarityQuery:
    words, place_words = await conn.fetchrow(_LEXEMES, compared.text, compared.place.text)
    return _SimilarityQuery(frozenset(words), frozenset(place_words), compared.place, compared.at)


def _candidates(compared: ComparedReport, query: str) -> tuple[str, datetime, datetime, str, str, int]:
    """Return what a search for candidates takes."""
    return compared.instansi, compared.at - WINDOW, compared.at, compared.tracking_id, query, CANDIDATES


def _likenesses(asked: _SimilarityQuery, rows: Iterable[asyncpg.Record], most: int) -> list[SimilarReport]:
    """Compare candidates in detail."""
    found = [like for row in rows if (like := _likeness(asked, row)) is not None]
    return sorted(found, key=lambda one: (-one.score, one.tracking_id))[:most]


def _any_of(words: Iterable[str]) -> str:
    return any_of(sorted(words, key=lambda word: (-len(word), word))[:QUERY_WORDS])


def _likeness(asked: _SimilarityQuery, row: asyncpg.Record) -> SimilarReport | None:
    theirs = frozenset(row["words"])
    shared = len(asked.words & theirs)
    words = shared / sqrt(len(asked.words) * len(theirs))
    if words < LEAST_WORDS:
        return None
    metres = _metres(asked.place, row["latitude"], row["longitude"])
    near = _nearness(metres, asked.place_words, frozenset(row["place"]))
    days = abs((asked.at.astimezone(UTC) - row["received_at"]).days)
    likeness = score(words, near, days)
    if likeness < LEAST_SCORE:
        return None
    return SimilarReport(
        tracking_id=row["tracking_id"], score=round(likeness, 3), shared_words=shared, metres=metres, days=days
    )


def score(words: float, near: float | None, days: int) -> float:
    """Return the similarity of two reports, 0..1: from shared words (0..1), nearness (0..1, None: unknown) and days."""
    found = WORDS_WEIGHT * words + TIME_WEIGHT * (1 - days / (WINDOW.days + 1))
    return found / (WORDS_WEIGHT + TIME_WEIGHT) if near is None else found + PLACE_WEIGHT * near


def _nearness(metres: int | None, ours: frozenset[str], theirs: frozenset[str]) -> float | None:
    """Return the nearness of two places, 0..1; by points if both have one, else by words; None if neither is known."""
    if metres is not None:
        return min(1.0, max(0.0, (FAR_METRES - metres) / (FAR_METRES - NEAR_METRES)))
    if ours and theirs:
        return len(ours & theirs) / min(len(ours), len(theirs))
    return None


def _metres(place: Place, latitude: float | None, longitude: float | None) -> int | None:
    """Return the great-circle distance of two points in metres (WGS 84 as a sphere: off by half a per cent at most)."""
    if place.latitude is None or place.longitude is None or latitude is None or longitude is None:
        return None
    here, there = radians(place.latitude), radians(latitude)
    turn = radians(longitude - place.longitude)
    half = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(turn / 2) ** 2
    return round(2 * 6_371_000 * asin(sqrt(min(1.0, half))))
