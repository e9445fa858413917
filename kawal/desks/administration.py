"""What the agency's admin sets, on record: offices' addresses and OPDs; and trying again what was given up."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, StringConstraints, ValidationError

from kawal.client.complaints import Complaints
from kawal.domain.access import Act
from kawal.domain.messages import Actor
from kawal.domain.process.commands import first_fault, printable
from kawal.domain.refusals import Refusal
from kawal.store.directory import OfficeAddress, Opd


class Office(StrEnum):
    """Who takes notices at an address of the office."""

    AGENCY_ADMIN = "agency_admin"
    INSPECTORATE = "inspectorate"
    SEKDA = "sekda"
    GUBERNUR = "gubernur"
    LIAISON = "liaison"
    """Of an OPD, which is named besides."""


class Administration:
    """Changes what the installation works by; everything raises Refusal, which is on record too."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints
        self._authority = complaints.authority
        self._directory = complaints.directory
        self._inbox = complaints.system.inbox
        self._outbox = complaints.system.outbox

    # --- Offices -----------------------------------------------------------------------------------------------------

    async def set_office(self, instansi: str, office: Office, opd: str | None, email: str, actor: Actor) -> None:
        """Say where an office takes its notices, in place of what was said before."""
        await self._authority.authorise(actor, Act.SET_OFFICE, instansi)
        given = _read(_Address, email=email)
        await self._check_office(instansi, office, opd)
        await self._directory.set_office_email(instansi, office, given.email, opd)
        await self._on_record(
            actor,
            Act.SET_OFFICE,
            instansi,
            "office_set",
            {"office": str(office), "opd": opd},
            {"email": given.email},
        )

    async def remove_office(self, instansi: str, office: Office, opd: str | None, actor: Actor) -> bool:
        """Take an office's address away; False if it had none."""
        await self._authority.authorise(actor, Act.REMOVE_OFFICE, instansi)
        await self._check_office(instansi, office, opd)
        if not await self._directory.remove_office_email(instansi, office, opd):
            return False
        await self._on_record(actor, Act.REMOVE_OFFICE, instansi, "office_removed", {"office": str(office), "opd": opd})
        return True

    async def offices(self, instansi: str | None) -> list[OfficeAddress]:
        """Every office's address, of one agency or all."""
        return await self._directory.office_emails(instansi)

    # --- OPDs --------------------------------------------------------------------------------------------------------

    async def add_opd(self, instansi: str, code: str, name: str, actor: Actor) -> Opd:
        """Add an OPD; refused if the agency has one of that code, in use or not."""
        await self._authority.authorise(actor, Act.ADD_OPD, instansi)
        given = _read(_OpdText, code=code, name=name)
        if given.code == instansi or not await self._directory.add_opd(instansi, given.code, given.name):
            raise Refusal("opd_exists", opd=given.code, instansi=instansi)
        await self._on_record(actor, Act.ADD_OPD, instansi, "opd_added", {"opd": given.code}, {"name": given.name})
        return Opd(instansi=instansi, code=given.code, name=given.name, active=True)

    async def rename_opd(self, instansi: str, code: str, name: str, actor: Actor) -> Opd:
        """Give an OPD another name; its code stays, for the record speaks of it by that."""
        await self._authority.authorise(actor, Act.RENAME_OPD, instansi)
        given = _read(_OpdText, code=code, name=name)
        opd = await self._opd(instansi, given.code)
        await self._directory.rename_opd(instansi, given.code, given.name)
        told = {"name": given.name, "before": opd.name}
        await self._on_record(actor, Act.RENAME_OPD, instansi, "opd_renamed", {"opd": given.code}, told)
        return opd.model_copy(update={"name": given.name})

    async def set_opd_active(self, instansi: str, code: str, actor: Actor, *, active: bool) -> Opd:
        """Take an OPD out of use, or back; out of use it gets no new reports and still owes those it has."""
        act, what = (Act.ACTIVATE_OPD, "opd_activated") if active else (Act.DEACTIVATE_OPD, "opd_deactivated")
        await self._authority.authorise(actor, act, instansi)
        opd = await self._opd(instansi, code)
        await self._directory.set_opd_active(instansi, code, active=active)
        await self._on_record(actor, act, instansi, what, {"opd": code})
        return opd.model_copy(update={"active": active})

    # --- Trying again ------------------------------------------------------------------------------------------------

    async def retry_inbox(self, instansi: str, tracking_id: str | None, actor: Actor) -> list[str]:
        """Have an accepted report, or every dead letter of the agency, tried again; the numbers of those that are."""
        await self._authority.authorise(actor, Act.RETRY_INBOX, instansi)
        retried = await self._inbox.retry(tracking_id, instansi)
        if retried:
            await self._on_record(actor, Act.RETRY_INBOX, instansi, "inbox_retried", {"reports": retried})
        return retried

    async def resend(self, number: int, actor: Actor) -> bool:
        """Send a notice again that was not sent or failed; False if there is no such notice that can be."""
        line = await self._outbox.line(number)
        if line is None:
            return False
        row = await self._complaints.snapshot(line.tracking_id)
        await self._authority.authorise(actor, Act.RESEND_NOTICE, row.instansi)
        if not await self._outbox.send_again(number):
            return False
        told = {"notice": number, "report": line.tracking_id}
        await self._on_record(actor, Act.RESEND_NOTICE, row.instansi, "notice_resent", told)
        return True

    async def _check_office(self, instansi: str, office: Office, opd: str | None) -> None:
        if (office is Office.LIAISON) != (opd is not None):
            raise Refusal("office_opd")
        if opd is not None:
            await self._opd(instansi, opd)

    async def _opd(self, instansi: str, code: str) -> Opd:
        opd = await self._directory.opd(instansi, code)
        if opd is None:
            raise Refusal("unknown_opd", opd=printable(code[:60]), instansi=instansi)
        return opd

    async def _on_record(
        self,
        actor: Actor,
        act: Act,
        instansi: str,
        what: str,
        facts: dict[str, Any],
        words: dict[str, str] | None = None,
    ) -> None:
        await self._authority.done(actor, act, {"what": what, "instansi": instansi} | facts, words=words)


class _Address(BaseModel):
    email: Annotated[
        str,
        StringConstraints(strip_whitespace=True, max_length=200, pattern=r"^[^@\s]+@[^@\s]+$"),
        AfterValidator(printable),
    ]


class _OpdText(BaseModel):
    code: Annotated[str, StringConstraints(strip_whitespace=True, pattern="^[A-Z0-9][A-Z0-9_.-]{0,39}$")]
    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=150), AfterValidator(printable)
    ]


def _read(kind: Any, **given: str) -> Any:
    try:
        return kind(**given)
    except ValidationError as error:
        raise Refusal("malformed", detail=first_fault(error)) from error
