"""What a notice says: the letter made from its kind and body by a language's table (`wording_id`, `wording_en`).

A notice is a subject and sentences. A sentence that needs something the notice does not carry (a paused clock has no
deadline) is left out, so no letter ever shows an empty place. `act` is what the recipient of the report itself can do;
those who only follow a merged report are not told it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any, NamedTuple

from kawal.domain import wording_en, wording_id
from kawal.domain.names import ClockKind


class Words(NamedTuple):
    """The wording of one kind of notice. The subject names the number and never what people wrote."""

    subject: str
    body: tuple[str, ...]
    act: tuple[str, ...] = ()


class Letter(NamedTuple):
    """A notice as it is read: a subject of one line, and a text."""

    subject: str
    text: str


def _parse(table: str) -> dict[str, Words]:
    """The words of each kind in a language's table (its form is told in that module)."""
    subjects: dict[str, str] = {}
    sentences: dict[str, list[str]] = {}
    for line in table.strip().splitlines():
        if not line.startswith(" "):
            kind, _, subject = line.partition(": ")
            subjects[kind] = subject
            sentences[kind] = []
        elif line.lstrip()[:2] in ("- ", "! "):
            sentences[kind].append(line.strip())
        else:
            sentences[kind][-1] += " " + line.strip()
    return {kind: Words(subject, *_halves(sentences[kind])) for kind, subject in subjects.items()}


def _halves(marked: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    body, act = (tuple(one[2:] for one in marked if one[0] == mark) for mark in "-!")
    return body, act


WORDING: dict[str, dict[str, Words]] = {"id": _parse(wording_id.TEXT), "en": _parse(wording_en.TEXT)}

CLOCKS: dict[str, dict[str, str]] = {
    "id": {
        ClockKind.VERIFY: "verifikasi dan penerusan",
        ClockKind.FORWARD: "penerusan kembali",
        ClockKind.RESPOND: "tindak lanjut pertama",
        ClockKind.COMPLETE: "penyelesaian",
        ClockKind.TAKE_OVER: "penyelesaian oleh Inspektorat",
        ClockKind.INSTRUCTION: "pelaksanaan instruksi",
        ClockKind.HOLD: "melengkapi",
        ClockKind.QUESTION: "menjawab pertanyaan tentang",
        ClockKind.AUTO_CLOSE: "menanggapi tindak lanjut akhir",
    },
    "en": {
        ClockKind.VERIFY: "verification and forwarding",
        ClockKind.FORWARD: "forwarding again",
        ClockKind.RESPOND: "the first follow-up",
        ClockKind.COMPLETE: "completion",
        ClockKind.TAKE_OVER: "the Inspectorate's completion",
        ClockKind.INSTRUCTION: "carrying out the instruction",
        ClockKind.HOLD: "the missing information",
        ClockKind.QUESTION: "the answer to the question",
        ClockKind.AUTO_CLOSE: "the response to the final follow-up",
    },
}

_MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_CLASSES = {
    "id": {"pengaduan": "pengaduan", "aspirasi": "aspirasi", "permintaan_informasi": "permintaan informasi"},
    "en": {
        "pengaduan": "a complaint",
        "aspirasi": "a suggestion",
        "permintaan_informasi": "a request for information",
    },
}
_FOLLOWS = {
    "id": "Laporan Anda {own} telah digabung dan mengikuti laporan {id}.",
    "en": "Your report {own} was merged and follows report {id}.",
}
_WITHHELD = {
    "id": "Isinya hanya dapat dibaca di Kawal.",
    "en": "What was written can be read in Kawal only.",
}


def letter(kind: str, tracking_id: str, body: Mapping[str, Any], lang: str, names: Mapping[str, str]) -> Letter:
    """The letter of a notice in a language (`id` or `en`); `names` gives the names of OPD codes, where known.

    Raises KeyError for a kind that has no wording.
    """
    words = WORDING[lang][kind]
    about = str(body.get("follows") or tracking_id)
    values = _values(body, lang, names) | {"id": about, "own": tracking_id}
    follows = "follows" in body
    sentences = [_FOLLOWS[lang]] if follows else []
    sentences += [*words.body, *(() if follows else words.act)]
    paragraphs = [" ".join(said for one in sentences if (said := _filled(one, values)) is not None)]
    if "text" in body:
        paragraphs.append("\n".join(f"> {line}" for line in str(body["text"]).splitlines()))
    elif body.get("withheld"):
        paragraphs.append(_WITHHELD[lang])
    return Letter(_filled(words.subject, values) or about, "\n\n".join(paragraphs) + "\n")


def _filled(sentence: str, values: Mapping[str, str]) -> str | None:
    """The sentence with its places filled; None when it needs something that is not there."""
    needed = [name for _, name, _, _ in Formatter().parse(sentence) if name]
    return sentence.format_map(values) if all(values.get(name) for name in needed) else None


def _values(body: Mapping[str, Any], lang: str, names: Mapping[str, str]) -> dict[str, str]:
    values = {name: str(body[name]) for name in ("days", "count", "main", "category") if body.get(name) is not None}
    values |= {name: said_date(str(body[name]), lang) for name in ("deadline", "by") if body.get(name)}
    if body.get("opd"):
        values["opd"] = names.get(str(body["opd"]), str(body["opd"]))
    if body.get("opds"):
        values["opds"] = ", ".join(names.get(code, code) for code in body["opds"])
    if body.get("clock"):
        values["clock"] = CLOCKS[lang].get(body["clock"], str(body["clock"]))
    if body.get("class"):
        values["class"] = _CLASSES[lang].get(body["class"], str(body["class"]))
    return values


def said_date(day: str, lang: str) -> str:
    """An ISO day as it is said: "5 Mei 2022", "5 May 2022"."""
    on = date.fromisoformat(day)
    return f"{on.day} {_MONTHS[lang][on.month - 1]} {on.year}"
