"""The operator at the command line: language, form of output, who acts, and access to the running system."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from kawal.cli.terminal import interrupts
from kawal.cli.terminal.actor_option import ActorOption, acting_as
from kawal.cli.terminal.faults import UsageError
from kawal.cli.terminal.language import Lang
from kawal.cli.terminal.layout import fitted
from kawal.cli.wording.messages import say
from kawal.domain.refusals import Refusal

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager
    from datetime import timedelta

    from kawal.base.settings import Settings
    from kawal.client.complaints import Complaints
    from kawal.client.reading import Readings
    from kawal.domain.access import Act
    from kawal.domain.messages import Actor

Connected = TypeVar("Connected")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Operator:
    """The settings of one command, from its own options, the global ones and the environment, in that order."""

    lang: Lang = "id"
    json: bool = False
    as_who: str | None = None
    agency: str | None = None

    def say(self, key: str, /, **details: object) -> str:
        """Return a sentence of cli.wording.messages in the reader's language."""
        return say(self.lang, key, **details)

    def write(self, text: str) -> None:
        """Write lines to standard output, within the terminal's width."""
        sys.stdout.write(f"{fitted(text, sys.stdout)}\n")

    def note(self, text: str) -> None:
        """Write a line to standard error: what a reader should know and a program should not have to parse."""
        sys.stderr.write(f"{fitted(text, sys.stderr)}\n")

    def write_json(self, value: Any) -> None:
        """Write a value to standard output as JSON."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")

    def settings(self) -> Settings:
        """Return this installation's settings; raises UsageError naming a malformed environment variable."""
        from pydantic import ValidationError

        from kawal.base.settings import VARIABLES, Settings

        try:
            return Settings.from_env()
        except ValidationError as error:
            fault = error.errors(include_url=False, include_input=False)[0]
            field = str(fault["loc"][0])
            raise UsageError("bad_setting", name=VARIABLES.get(field, field), detail=fault["msg"]) from None

    def acting(self) -> ActorOption | None:
        """Return who acts, None if nobody was named; raises UsageError."""
        return acting_as(self.as_who)

    async def actor(self, complaints: Readings, *, otherwise: ActorOption | None = None) -> Actor:
        """Return the official in whose name the machine's operator acts, as the rules know them.

        Raises UsageError if nobody was named and `otherwise` is None, Refusal for an OPD or agency that does not exist.
        """
        from kawal.domain.names import Role

        who = self.acting() or otherwise
        if who is None:
            raise UsageError("nobody_acts")
        instansi = who.instansi or self.instansi()
        await complaints.check_instansi(instansi)
        try:
            return await complaints.actor(Role(who.role), who.name, who.opd, instansi, operator=True)
        except Refusal as refusal:
            if refusal.code != "no_instansi":
                raise
            # The refusal's own sentence could be taken for another agency that the command names.
            raise UsageError("acting_instansi", known=refusal.details["known"]) from refusal

    async def actor_on(self, complaints: Readings, tracking_id: str) -> Actor:
        """Return who acts on a complaint: its reporter under the complaint's own pseudonym, or an official."""
        who = self.acting()
        if who is not None and who.role == "reporter":
            return await complaints.reporter(tracking_id, who.name)
        return await self.actor(complaints)

    async def agency_of(self, complaints: Readings, actor: Actor) -> str:
        """Return the agency in which an official acts: of `--instansi`, else their own, else the only one."""
        from kawal.desks.table import Desk

        return await Desk(complaints, actor, self.instansi()).agency()

    async def seen_agency(self, complaints: Readings, act: Act) -> str | None:
        """Return the agency of which a list may be shown by this right, None for every one; raises Refusal, on record.

        Where nobody is named, the installation reads: what `--instansi` names, else everything.
        """
        from kawal.desks.table import Desk
        from kawal.domain.process.decide import CLOCKWORK

        await self.check_named(complaints)
        if self.acting() is not None:
            return await Desk(complaints, await self.actor(complaints), self.instansi()).authorised(act)
        await complaints.authority.authorise(CLOCKWORK, act, self.instansi())
        return self.instansi()

    def instansi(self) -> str | None:
        """Return the agency's code of `--instansi`, in upper case."""
        return self.agency.strip().upper() if self.agency else None

    async def check_named(self, complaints: Readings, opd: str | None = None) -> None:
        """Refuse an agency of `--instansi`, and an OPD, that never existed: an empty list would look like good news."""
        instansi = self.instansi()
        await complaints.check_instansi(instansi)
        if opd is not None and not await _has_opd(complaints, instansi, opd.upper()):
            raise Refusal("unknown_opd", opd=opd.upper(), instansi=instansi or await _known(complaints))

    def with_record(self, work: Callable[[Readings], Awaitable[Result]], *, long: bool = False) -> Result:
        """Run `work` against the database alone, the engine may be away; `long` as with `with_system`.

        Raises SystemUnavailable if there is none.
        """
        from kawal.base.endpoints import database_address

        settings = self.settings()
        # Checked before the client is imported, so that "not running" is reported at once.
        database_address(settings)

        def opened(within: timedelta) -> AbstractAsyncContextManager[Readings]:
            from kawal.client.reading import open_readings

            return open_readings(settings, within=within)

        return _run(opened, work, long)

    def with_system(self, work: Callable[[Complaints], Awaitable[Result]], *, long: bool = False) -> Result:
        """Run `work` against the running system; `long` where a statement may go through whole tables.

        Raises SystemUnavailable if there is none.
        """
        from kawal.base.endpoints import running_endpoints

        settings = self.settings()
        # Looked at before the client is imported, so that "not running" is said at once.
        running_endpoints(settings)

        def opened(within: timedelta) -> AbstractAsyncContextManager[Complaints]:
            from kawal.client.complaints import open_complaints

            return open_complaints(settings, within=within)

        return _run(opened, work, long)


def _run(
    opened: Callable[[timedelta], AbstractAsyncContextManager[Connected]],
    work: Callable[[Connected], Awaitable[Result]],
    long: bool,
) -> Result:
    """Connect, allowing a statement the time that it may take, and run the work."""

    async def connected() -> Result:
        from kawal.base.postgres import LONG_WITHIN, STATEMENT_WITHIN

        async with opened(LONG_WITHIN if long else STATEMENT_WITHIN) as client:
            return await work(client)

    return interrupts.run(connected())


async def _has_opd(complaints: Readings, instansi: str | None, code: str) -> bool:
    """Tell whether an agency has, or had, that OPD, or is itself meant."""
    agencies = [instansi] if instansi else [one.code for one in await complaints.directory.all_instansi()]
    codes = set(agencies)
    for agency in agencies:
        codes |= {opd.code for opd in await complaints.directory.opds(agency)}
    return code in codes


async def _known(complaints: Readings) -> str:
    return ", ".join(one.code for one in await complaints.directory.all_instansi())
