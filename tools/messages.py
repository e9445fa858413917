"""`make messages`: collects every message that the code names into the catalogues of `kawal/locale` and compiles them.

With `--check` nothing is written: exit code 1 and a line for each message that is missing, fuzzy or stale, for each
wrong placeholder, and for a catalogue that differs from what would be written.
"""

from __future__ import annotations

import json
import string
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.core import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
ROOMS = ("kawal", "workflows", "activities")
TEMPLATES = ROOT / "kawal" / "console" / "templates"
LANGS = ("id", "en")
_UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed date, so that a catalogue changes only with its messages."""

Named = dict[tuple[str, str | None], str | tuple[str, ...]]
"""Messages by English text and context, with the msgid: a pair where there is a plural."""

KEYWORDS = {"msgid": None, "msgids": (1, 2), "msgid_in": ((1, "c"), 2)}
IN_TEMPLATES = {"_": None, "_n": (1, 2)}


def main() -> int:
    """Write the catalogues, or check them; return the exit code."""
    check = "--check" in sys.argv[1:]
    named = extracted()
    complaints = [
        line for lang in LANGS for line in (*_complaints(lang, named, check), *_months_complaints(lang, check))
    ]
    for line in complaints:
        sys.stderr.write(f"{line}\n")
    return 1 if complaints else 0


def extracted() -> Named:
    """Return every message that the code names."""
    found: Named = {}
    for message, context in (*_named_in_code(), *_named_in_templates()):
        one = message if isinstance(message, str) else message[0]
        # As in gettext, a message that has a plural in one place has it everywhere.
        if isinstance(found.get((one, context), ""), str):
            found[one, context] = message
    return found


def _named_in_code() -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    for room in ROOMS:
        for _, _, message, _, context in extract_from_dir(
            ROOT / room, method_map=[("**.py", "python")], options_map={}, keywords=KEYWORDS
        ):
            yield message, context


def _named_in_templates() -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    for _, _, message, _, context in extract_from_dir(
        TEMPLATES,
        method_map=[("**.html", "jinja2.ext:babel_extract")],
        options_map={"**.html": {"silent": "false"}},
        keywords=IN_TEMPLATES,
    ):
        yield message, context


def _complaints(lang: str, named: Named, check: bool) -> Iterator[str]:
    file = ROOT / "kawal" / "locale" / lang / "LC_MESSAGES" / "kawal.po"
    committed = file.read_bytes() if file.exists() else b""
    catalogue = read_po(BytesIO(committed), locale=lang)
    renewed = _renewed(catalogue, named, lang)
    text, compiled = _as_po(renewed), _as_mo(renewed)
    yield from (f"{file.relative_to(ROOT)}: {fault}" for fault in _faults(renewed))
    if check:
        if committed != text:
            yield f"{file.relative_to(ROOT)}: not what `make messages` writes: {_difference(catalogue, named)}"
        if not file.with_suffix(".mo").exists() or file.with_suffix(".mo").read_bytes() != compiled:
            yield f"{file.relative_to(ROOT)}: not compiled; run `make messages`"
    else:
        file.write_bytes(text)
        file.with_suffix(".mo").write_bytes(compiled)


def _months_complaints(lang: str, check: bool) -> Iterator[str]:
    """Write the names of the months as Babel has them, or compare them."""
    months = Locale.parse(lang).months["format"]
    names = {width: [months[width][number] for number in range(1, 13)] for width in ("abbreviated", "wide")}
    text = json.dumps(names, ensure_ascii=False, indent=1) + "\n"
    file = ROOT / "kawal" / "locale" / lang / "months.json"
    if not check:
        file.write_text(text, "utf-8")
    elif not file.exists() or file.read_text("utf-8") != text:
        yield f"{file.relative_to(ROOT)}: not what Babel has; run `make messages`"


def _renewed(old: Catalog, named: Named, lang: str) -> Catalog:
    """Return the catalogue with exactly the messages that the code names: stale ones go, new ones are empty."""
    new = Catalog(
        locale=lang,
        project="kawal",
        version="",
        msgid_bugs_address="",
        creation_date=_UNDATED,
        revision_date=_UNDATED,
        last_translator="",
        language_team="",
        fuzzy=False,
        header_comment=f"# Kawal's messages: {lang}.",
    )
    for (one, context), message in sorted(named.items(), key=lambda item: (item[0][0], item[0][1] or "")):
        known = old.get(one, context)
        said = _forms(known) if known is not None else [""]
        new.add(message, _shaped(message, said, lang), flags=known.flags if known is not None else (), context=context)
    return new


def _shaped(message: str | tuple[str, ...], forms: list[str], lang: str) -> str | tuple[str, ...]:
    """Return a translation in the message's form; English uses the msgid itself where nothing else is given."""
    if isinstance(message, str):
        return forms[0] or (message if lang == "en" else "")
    if lang == "en":
        return tuple(forms) if len(forms) == len(message) and all(forms) else tuple(message)
    return (forms[0],)  # Indonesian has one form


def _faults(catalogue: Catalog) -> Iterator[str]:
    for message in catalogue:
        if not message.id:
            continue
        forms = _forms(message)
        if not all(forms):
            yield f"no translation of {_first(message)!r}"
        if message.fuzzy:
            yield f"fuzzy: {_first(message)!r}"
        wanted = _places(_first(message)) if isinstance(message.id, str) else _places(message.id[1])
        for form in filter(None, forms):
            if _places(form) != wanted and not _is_singular(message, form):
                yield f"other places than {_first(message)!r} has: {form!r}"


def _is_singular(message: Message, form: str) -> bool:
    """Tell whether the singular form may say "one" instead of showing its placeholder."""
    many = isinstance(message.id, tuple | list)
    forms = _forms(message)
    return many and form == forms[0] and len(forms) > 1 and _places(form) <= _places(message.id[1])


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _difference(old: Catalog, named: Named) -> str:
    there = {(_first(message), message.context) for message in old if message.id}
    stale, missing = sorted(one for one, _ in there - set(named)), sorted(one for one, _ in set(named) - there)
    return f"stale {stale[:3]}, missing {missing[:3]}"


def _as_po(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_po(out, catalogue, width=110, ignore_obsolete=True)
    return out.getvalue()


def _as_mo(catalogue: Catalog) -> bytes:
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
