"""What TAB offers in an argument's or option's place, by the name of its field; choices are typer's own affair.

Codes and ids come from the record of the running installation; where that is unavailable, nothing is offered and no
error is shown (cli.terminal.shells). Nothing about a person is offered.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar

import typer

from kawal.cli.terminal.language import language
from kawal.cli.wording.help_messages import WRITTEN

if TYPE_CHECKING:
    import asyncpg

Result = TypeVar("Result")

Offer: TypeAlias = tuple[str, str]
"""A word, and what it means; the meaning may be empty."""

Completer: TypeAlias = Callable[[typer.Context, str], Sequence[Offer]]

MOST = 50
"""How many ids and categories are offered at once."""

ANSWERED_WITHIN = timedelta(seconds=2)
"""How long PostgreSQL may take: nobody waits for TAB."""

FILES = "\0files"
"""The meaning of what is begun where the shell itself completes names of files."""


class Place(NamedTuple):
    """Who types, as far as the command line tells: the agency, and the OPD of a liaison."""

    instansi: str | None
    opd: str | None


def _tracking_ids(context: typer.Context, begun: str) -> list[Offer]:
    """Offer the newest complaints that the typing user may see."""
    place = _place(context)

    async def read(conn: asyncpg.Connection) -> list[str]:
        from kawal.store.complaint_list import newest_ids

        return await newest_ids(conn, begun, instansi=place.instansi, opd=place.opd, limit=MOST)

    return [(tracking_id, "") for tracking_id in _read(read)]


def _opds(context: typer.Context, begun: str) -> list[Offer]:
    """Offer the OPDs, including deactivated ones, which may still owe a step."""
    instansi = _place(context).instansi

    async def read(conn: asyncpg.Connection) -> list[Offer]:
        from kawal.store.directory import Directory

        return [(opd.code, opd.name) for opd in await Directory(conn).opds(instansi)]

    return _as_typed(_read(read), begun)


def _opds_there(context: typer.Context, begun: str) -> list[Offer]:
    """Offer the OPDs, except where a new one is named."""
    return [] if context.info_name == "add" else _opds(context, begun)


def _instructed(context: typer.Context, begun: str) -> list[Offer]:
    """Whom the Inspectorate instructs."""
    return [("admin", ""), *_opds(context, begun)]


def _agencies(_: typer.Context, begun: str) -> list[Offer]:
    async def read(conn: asyncpg.Connection) -> list[Offer]:
        from kawal.store.directory import Directory

        return [(one.code, one.name) for one in await Directory(conn).all_instansi()]

    return _as_typed(_read(read), begun)


def _agencies_elsewhere(context: typer.Context, begun: str) -> list[Offer]:
    """Offer the other agencies of the installation, of which a report can be passed on to the active ones."""
    if begun.startswith("@"):
        return list(_text(context, begun))
    own = _place(context).instansi

    async def read(conn: asyncpg.Connection) -> list[Offer]:
        from kawal.store.directory import Directory

        return [(one.code, one.name) for one in await Directory(conn).all_instansi() if one.active and one.code != own]

    return _as_typed(_read(read), begun)


def _categories(_: typer.Context, begun: str) -> list[Offer]:
    """Offer the categories, or only the main ones while there would be too many."""

    async def read(conn: asyncpg.Connection) -> list[str]:
        from kawal.store.directory import Directory

        return await Directory(conn).categories()

    names = [name for name in _read(read) if name.startswith(begun)]
    if len(names) > MOST and " / " not in begun:
        names = [name for name in names if " / " not in name]
    return [(name, "") for name in names]


def _roles(context: typer.Context, begun: str) -> list[Offer]:
    """Offer the roles as they are typed; the name after the colon is left to the user."""
    from kawal.cli.terminal.actor_option import ROLES

    return _held(ROLES, context, begun, ":")


def _offices(context: typer.Context, begun: str) -> list[Offer]:
    from kawal.cli.commands.administration import OFFICES

    return _held(OFFICES, context, begun, "")


def _held(table: Mapping[str, str], context: typer.Context, begun: str, end: str) -> list[Offer]:
    """Offer roles or offices, and each OPD after a liaison's slash."""
    from kawal.domain import labels
    from kawal.wording.labels import label

    typed, slash, opd = begun.partition("/")
    if slash:
        liaison = table.get(typed) == "liaison"
        return [(f"{typed}/{code}{end}", name) for code, name in _opds(context, opd)] if liaison else []
    return [
        (typed + ("/" if role == "liaison" else end), label(labels.ROLES, role, language()))
        for typed, role in table.items()
    ]


def _files(_: typer.Context, begun: str) -> list[Offer]:
    return [(begun, FILES)]


def _text(_: typer.Context, begun: str) -> list[Offer]:
    """Offer nothing for free text, and file names after an @."""
    from glob import escape, glob

    if not begun.startswith("@"):
        return []
    return [(f"@{path}/" if os.path.isdir(path) else f"@{path}", "") for path in sorted(glob(f"{escape(begun[1:])}*"))]


def _each(names: str, completer: Completer) -> dict[str, Completer]:
    return dict.fromkeys(names.split(), completer)


COMPLETERS: Mapping[str, Completer] = {
    **_each("tracking_id main notice_of replayed_report verify_id key_owner", _tracking_ids),
    **_each("opd opds belongs_to chosen_opd events_opd", _opds),
    **_each("code", _opds_there),
    **_each("to", _instructed),
    **_each("agency", _agencies),
    **_each("category", _categories),
    **_each("as_who holder", _roles),
    **_each("office", _offices),
    **dict.fromkeys(WRITTEN, _text),
    "agency_named": _agencies_elsewhere,
    **_each("rerun_file import_file import_map policy_file policy_toml calendar_file document_file added_file", _files),
    **_each("output case_output zip_output receipt_file errors backup_folder keys_folder erasures_file", _files),
    **_each("rerun_home kept_head kept_keys key_file opds_file", _files),
}
"""What completes a field, by its name."""


def _as_typed(offers: Iterable[Offer], begun: str) -> list[Offer]:
    """Codes are upper case however they are typed: to whoever types lower case they are offered so."""
    return [(code.lower() if begun.islower() else code, meaning) for code, meaning in offers]


def _place(context: typer.Context) -> Place:
    from kawal.cli.terminal.actor_option import acting_as

    who = acting_as(_given(context, "as_who"))
    agency = _given(context, "agency") or (who.instansi if who else None)
    return Place(agency.strip().upper() if agency else None, who.opd if who else None)


def _given(context: Any, name: str) -> str | None:
    """Return what was typed of a common option, after the command's name or before it."""
    while context is not None:
        value: str | None = context.params.get(name)
        if value is not None:
            return value
        context = context.parent
    return None


def _read(work: Callable[[asyncpg.Connection], Awaitable[Result]]) -> Result:
    """Read the record of the running installation without its keys; raises what keeps it from being had at once."""
    import asyncio

    from kawal.base.endpoints import database_address
    from kawal.base.postgres import connect
    from kawal.base.settings import Settings

    database_url = database_address(Settings.from_env())

    async def read() -> Result:
        async with asyncio.timeout(ANSWERED_WITHIN.total_seconds()):
            conn = await connect(database_url, within=ANSWERED_WITHIN)
            try:
                return await work(conn)
            finally:
                await conn.close()

    return asyncio.run(read())
