"""One report in each state that the rules tell apart, made by the commands that lead there, with its facts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from kawal.domain.names import Channel, Role
from tests.console.staff.reports import received
from tests.matrix.expected import Facts
from tests.workflows.life import VERIFYING, Case, Office, january, report

REGISTRAR = "Lina Loket"
OPD = frozenset({"DISHUB"})

_DANGER = {"why": "Warga terancam"}

Making = Callable[[Office], Awaitable[Case]]


async def _new(office: Office) -> Case:
    return await received(office)


async def _secret(office: Office) -> Case:
    return await received(office, rahasia=True)


async def _at_the_desk(office: Office) -> Case:
    by = await office.complaints.actor(Role.DESK, REGISTRAR, instansi="KEPRI")
    answer = await office.complaints.start(report(channel=Channel.WALK_IN), by, None, "KEPRI")
    return Case(office, answer.tracking_id)


async def _elsewhere(office: Office) -> Case:
    complaints = office.complaints
    by = await complaints.actor(Role.ADAPTER, "web", instansi="RIAU")
    case = Case(office, (await complaints.start(report(), by, None, "RIAU")).tracking_id)
    admin = await complaints.actor(Role.ADMIN, "Rosa", instansi="RIAU")
    steps: dict[str, dict[str, Any]] = {"verify": VERIFYING, "forward": {"opds": ["DISHUB"]}, "escalate": _DANGER}
    for command, arguments in steps.items():
        await complaints.send(case.tracking_id, command, admin, arguments)
    return case


async def _late(office: Office) -> Case:
    case = await office.receive()
    await case.until(january(25))
    return case


async def _with_opd(office: Office, **fields: bool) -> Case:
    case = await received(office, **fields)
    await case.forward("DISHUB")
    return case


async def _secret_returned(office: Office) -> Case:
    case = await _with_opd(office, rahasia=True)
    await case.liaison("DISHUB", "return", reason="Bukan jalan provinsi")
    return case


async def _merged(office: Office) -> Case:
    main = await _with_opd(office)
    case = await received(office)
    await case.admin("merge", main=main.tracking_id)
    return case


def _then(first: Making, *steps: Callable[[Case], Awaitable[object]]) -> Making:
    async def made(office: Office) -> Case:
        case = await first(office)
        for step in steps:
            await step(case)
        return case

    return made


_verified = _then(_new, lambda c: c.verify())
_escalated = _then(_with_opd, lambda c: c.admin("escalate", **_DANGER))
_PROSES = Facts(status="proses", verified=True, given=OPD, followed=OPD)
_OWED = Facts(status="belum_ditindaklanjuti", verified=True, given=OPD, owes=OPD)

REPORTS: dict[str, tuple[Making, Facts]] = {
    "late": (_late, Facts(item=True, late=True, come_up=True)),
    "new": (_new, Facts()),
    "rahasia": (_secret, Facts(rahasia=True)),
    "berkadar pengawasan": (
        _then(_new, lambda c: c.verify(pengawasan=True)),
        Facts(status="belum_ditindaklanjuti", verified=True, supervised=True, item=True),
    ),
    "registered at the desk": (_at_the_desk, Facts(registrar=REGISTRAR)),
    "escalated in another agency": (_elsewhere, replace(_OWED, agency="RIAU", item=True)),
    "held": (_then(_new, lambda c: c.admin("hold", missing="Di mana?")), Facts(status="ditunda")),
    "verified": (_verified, Facts(status="belum_ditindaklanjuti", verified=True)),
    "with an OPD": (_with_opd, _OWED),
    "asked about": (
        _then(_with_opd, lambda c: c.liaison("DISHUB", "ask", question="Tiang mana?")),
        replace(_OWED, asked=True),
    ),
    "more days asked for": (
        _then(_with_opd, lambda c: c.liaison("DISHUB", "extend", days=3, grounds="Menunggu suku cadang")),
        replace(_OWED, days_asked=True),
    ),
    "escalated": (_escalated, replace(_OWED, item=True)),
    "taken over": (
        _then(_escalated, lambda c: c.inspectorate("take_over")),
        Facts(status="belum_ditindaklanjuti", verified=True, given=OPD, owes=frozenset({"INSPEKTORAT"}), item=True),
    ),
    "returned": (
        _then(_with_opd, lambda c: c.liaison("DISHUB", "return", reason="Bukan jalan provinsi")),
        Facts(status="belum_ditindaklanjuti", verified=True, given=OPD, gone=OPD),
    ),
    "rahasia, returned": (
        _secret_returned,
        Facts(status="belum_ditindaklanjuti", verified=True, given=OPD, gone=OPD, rahasia=True),
    ),
    "followed up, of somebody anonim": (
        _then(_with_opd, lambda c: c.follow_up("DISHUB"), lambda c: c.reporter("conceal", anonim=True)),
        replace(_PROSES, owes=OPD, anonim=True),
    ),
    "followed up for good": (
        _then(_with_opd, lambda c: c.follow_up("DISHUB", final=True)),
        replace(_PROSES, finished=OPD),
    ),
    "handled by the agency": (
        _then(_verified, lambda c: c.admin("handle")),
        Facts(status="belum_ditindaklanjuti", verified=True, owes=frozenset({"KEPRI"})),
    ),
    "done": (
        _then(
            _with_opd,
            lambda c: c.follow_up("DISHUB", final=True),
            lambda c: c.reporter("accept", rating=5),
        ),
        Facts(status="selesai", verified=True, given=OPD, finished=OPD, followed=OPD),
    ),
    "archived": (_then(_new, lambda c: c.admin("archive", reason="Sama dengan kemarin")), Facts(status="diarsipkan")),
    "passed on": (_then(_new, lambda c: c.admin("pass_on", agency="Kota Batam")), Facts(status="bukan_wewenang")),
    "merged": (_merged, Facts(status="digabung", given=OPD, owes=OPD)),
}
