"""The matrix: role, act, state, OPD and agency. Page, JSON and the database agree in every cell with the field's rules.

The page is `/laporan/NUMBER`: what it shows, and for which commands and other acts it has a form. JSON is the report,
its words, files, letters and chronicle, what may be done, and what is done beside the process; and of the refused
commands a share is really sent. The database is asked as the role of the official's scope, without any condition. What
is said for a reporter is really sent, by the desk and from the tray.
"""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from kawal.client.reporter_access import ReporterAccess
from kawal.domain.access import Act, may
from kawal.domain.messages import Snapshot
from kawal.domain.names import REPORTERS_COMMANDS, Channel, CommandName
from kawal.domain.notes import Audience
from kawal.store.scoped import scoped
from kawal.store.tray import MESSAGE
from tests.database_owner import owner_does
from tests.desks.test_tray import put
from tests.matrix import expected
from tests.matrix.beside import BESIDE, FORMS, NOT_YOURS, SAID, SPEAKERS
from tests.matrix.expected import COMMANDS, Facts, Person
from tests.matrix.people import ALIKE, PEOPLE, Official, code_of
from tests.matrix.reports import REPORTS
from tests.matrix.rights import OF_A_REPORT
from tests.matrix.tables import AT_MOST, FILLING, PUBLIC, SELDOM, TABLES
from tests.workflows.life import VERIFYING, Office

READINGS: dict[str, tuple[str, expected.Rule]] = {
    "words": ("complaints/{number}?words=true", expected.reads_words),
    "letters": ("complaints/{number}/letters", expected.reads_letters),
    "files": ("officials/reports/{number}/attachments", expected.reads_files),
    "chronicle": ("complaints/{number}/history", expected.reads_chronicle),
    "case file": ("complaints/{number}/case-file.json", expected.reads_chronicle),
}
"""What is read by JSON, where, and by whom."""

ADD_A_FILE = "add a file"
BY_JSON: dict[str, expected.Rule] = {
    **{name: rule for name, (_, rule) in READINGS.items()},
    ADD_A_FILE: expected.adds_files,
    **{act: one.rule for act, one in BESIDE.items()},
}
SHARE = 6
"""By JSON one in so many of them is asked in each cell, others for each report and official: all takes minutes. Of the
reports of another agency one in so many is opened."""

SHARE_OF_ALIKE = 3
"""Of the reports one in so many is opened by who differs little from somebody else."""

AT_ONCE = 3
"""About so many reports something is said at a time: whoever gives a letter holds a connection meanwhile."""

WORDS = re.compile('padam sejak seminggu|jalan di depan Pasar Bincen|/buka"')
"""Words of the reports, or the form by which those of a rahasia one are opened for a purpose."""

_GROUNDS, _TEXT = {"grounds": "Sudah diperiksa"}, {"text": "Sudah diperbaiki."}
BODIES: dict[str, dict[str, Any]] = {
    "verify": VERIFYING,
    "hold": {"missing": "Di mana?"},
    "archive": {"reason": "Sudah dijawab"},
    "pass_on": {"agency": "Kota Batam"},
    "forward": {"opds": ["DISHUB"]},
    "return": {"reason": "Bukan jalan provinsi"},
    "withdraw": {"opd": "DISHUB", **_GROUNDS},
    "ask": {"question": "Tiang mana?"},
    "follow_up": _TEXT,
    "extend": {"days": 1, **_GROUNDS},
    "refuse_extension": _GROUNDS,
    "close": _GROUNDS,
    "reopen": _GROUNDS,
    "reclassify": {"class": "aspirasi"},
    "escalate": {"why": "Warga terancam"},
    "instruct": {"to": "admin", **_TEXT, "by": "2026-12-01"},
    "resolve": {"finding": "Beres"},
    "nudge": {"opd": "DISHUB", "how": "telepon"},
    **{name: body for name, (_, body) in SAID.items()},
}
"""What a command says that is really sent; those that are not here need to say nothing."""


@pytest.fixture(scope="module")
async def made(office: Office) -> dict[str, tuple[str, Facts]]:
    """Return the number and the facts of a report in each state, by its name."""
    cases = await asyncio.gather(*(make(office) for make, _ in REPORTS.values()))
    return {name: (case.tracking_id, facts) for case, (name, (_, facts)) in zip(cases, REPORTS.items(), strict=True)}


@pytest.mark.timeout(900)  # thousands of cells: on a busy machine they take their time
async def test_page_and_json_agree_with_the_rules_in_every_cell(
    office: Office, officials: list[Official], made: dict[str, tuple[str, Facts]]
) -> None:
    differing = []
    main = next(iter(made.values()))[0]
    for nth, (name, (number, facts)) in enumerate(made.items()):
        found = await asyncio.gather(*(_told(who, number, facts, nth) for who in officials))
        row = await office.complaints.snapshot(number)
        main_row = None if row.main_report is None else await office.complaints.snapshot(row.main_report)
        for who, asked in zip(officials, found, strict=True):
            told, due = asked | _allowed_acts(who, facts, row, main_row), _due(who.person, facts)
            differing += [(name, who.person, cell, told[cell], due[cell]) for cell in told if told[cell] != due[cell]]
        await asyncio.gather(*(_refused(who, number, facts, nth, main) for who in officials[nth % 3 :: 3]))
        assert (await office.complaints.snapshot(number)).last_seq == row.last_seq, name
    assert set(COMMANDS) == {*CommandName} - {*REPORTERS_COMMANDS, CommandName.RECOMPUTE, CommandName.ATTACH}
    assert differing == [], "\n".join(map(str, differing))


async def test_what_is_said_for_a_reporter_is_taken_from_the_agencys_desk_and_tray_alone_where_the_state_allows_it(
    office: Office, officials: list[Official], made: dict[str, tuple[str, Facts]]
) -> None:
    few = asyncio.Semaphore(AT_ONCE)

    async def found(number: str, facts: Facts, nth: int) -> list[tuple[str, Person, str, str | None]]:
        async with few:
            return await _spoken_for(office, officials, number, facts, nth)

    told = await asyncio.gather(*(found(number, facts, nth) for nth, (number, facts) in enumerate(made.values())))
    differing = [(name, *one) for name, wrong in zip(made, told, strict=True) for one in wrong]
    assert differing == [], "\n".join(map(str, differing))


async def test_the_database_shows_each_scope_the_reports_of_the_rules_in_every_table(
    office: Office, officials: list[Official], made: dict[str, tuple[str, Facts]]
) -> None:
    pool, differing = office.complaints.pool, []
    writer, notes = officials[0].actor, office.complaints.record.notes
    for number, _ in made.values():
        await notes.write(number, writer, office.complaints.now(), Audience.OWN, "Sudah ditelepon")
    await owner_does(pool, *FILLING)
    tables = await pool.fetch(
        "select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid"
        " cross join (select rolname from pg_roles where rolname like 'kawal_web_%') r"
        " where a.attname = 'tracking_id' and c.relkind in ('r', 'v') and c.relnamespace = 'public'::regnamespace"
        "   and has_column_privilege(r.rolname, c.oid, a.attnum, 'select')"
    )
    assert {row[0] for row in tables} == {*TABLES} | PUBLIC
    reports, names = dict(made.values()), {number: name for name, (number, _) in made.items()}
    there = {table: await _numbers(pool, table) & {*reports} for table in TABLES}
    assert {table for table, numbers in there.items() if not numbers} == SELDOM
    for who in officials:
        async with scoped(pool, who.actor) as conn:
            for table, rule in TABLES.items():
                due = {number for number in there[table] if rule(who.person, reports[number])}
                shown = await _numbers(conn, table) & {*reports}
                wrong = shown - due if table in AT_MOST else shown ^ due
                differing += [(table, who.person, {names[one] for one in wrong})] if wrong else []
    assert differing == [], "\n".join(map(str, differing))


async def _refused(who: Official, number: str, facts: Facts, nth: int, main: str) -> None:
    """Really send a command that the rules refuse, another one for each official and report.

    So is a reporter's from any official, also from a desk that does not say how it knows the reporter.
    """
    refused = [*sorted(name for name, rule in COMMANDS.items() if not rule(who.person, facts)), *SAID]
    command = refused[(PEOPLE.index(who.person) * len(REPORTS) + nth) % len(refused)]
    body = {"main": main} if command == "merge" else BODIES.get(command, {})
    answer = await who.post(f"complaints/{number}/{command.replace('_', '-')}", body)
    assert answer.status_code in (403, 404, 409), (who.person, command, answer.text)


async def _told(who: Official, number: str, facts: Facts, nth: int) -> dict[str, Any]:
    """Return what somebody is shown and told of a report; a stranger is asked for one thing, which is refused."""
    place = PEOPLE.index(who.person) + nth
    stranger = who.person.role == "national" or not expected.of_own_agency(who.person, facts)
    asked = [*BY_JSON][place % len(BY_JSON) :][:1] if stranger else [*BY_JSON][place % SHARE :: SHARE]
    told = {f"json: {act}": await _done_by_json(who, number, act) for act in asked}
    if place % (SHARE if stranger else SHARE_OF_ALIKE if who.person in ALIKE else 1):
        return told
    return told | await _on_the_page(who, number) | await _allowed_commands(who, number)


def _due(who: Person, report: Facts) -> dict[str, Any]:
    commands = {command for command, rule in COMMANDS.items() if rule(who, report)}
    words, left = expected.reads_words(who, report), expected.has_left(who, report)
    shown = expected.sees(who, report) and not left
    sees = expected.sees_process(who, report)
    return {
        **{act: rule(who, report) for act, rule in OF_A_REPORT.items()},
        "page: seen": expected.sees(who, report),
        "page: words": words and not left,
        "page: commands": set() if left else commands,
        "page: forms": {form for form, rule in FORMS.items() if shown and rule(who, report) and not report.rahasia},
        "page: reporter": expected.knows_reporter(who, report),
        "json: commands": commands if sees else None,
        **{f"json: {act}": rule(who, report) for act, rule in BY_JSON.items()},
    }


async def _on_the_page(who: Official, number: str) -> dict[str, Any]:
    page = await who.http.get(f"/laporan/{number}")
    assert page.status_code in (200, 403, 404), page.text
    forms = set(re.findall(rf'action="/laporan/{number}/(\w+)"', page.text))
    return {
        "page: seen": page.status_code == 200,
        "page: words": page.status_code == 200 and WORDS.search(page.text) is not None,
        "page: commands": forms & set(COMMANDS),
        "page: forms": forms & set(FORMS),
        "page: reporter": "pelapor" in forms,
    }


def _allowed_acts(who: Official, facts: Facts, row: Snapshot, main: Snapshot | None) -> dict[str, Any]:
    """Return of every act whether it is allowed by what decides in all channels."""
    registered = who.person.role == "desk" and who.person.name == facts.registrar
    return {
        act: may(who.actor, Act(act), row, purpose="pemeriksaan", main=main, registered=registered) is None
        for act in OF_A_REPORT
    }


async def _allowed_commands(who: Official, number: str) -> dict[str, Any]:
    may = await who.http.get(f"/api/v1/complaints/{number}/commands")
    return {"json: commands": {one["command"] for one in may.json() if one["allowed"]} if _allowed(may) else None}


async def _done_by_json(who: Official, number: str, act: str) -> bool:
    """Tell whether somebody may read or do something, without anything coming of it."""
    if act in READINGS:
        path = f"/api/v1/{READINGS[act][0].format(number=number)}"
        return _allowed(await who.http.get(path, headers={"X-Purpose": "pemeriksaan"}))
    return await _adds(who, number) if act == ADD_A_FILE else await _tries(who, number, act)


async def _adds(who: Official, number: str) -> bool:
    """Send a file without content: whoever may add one is told that it is empty."""
    answer = await who.post(f"officials/reports/{number}/attachments?name=kosong.txt")
    assert answer.status_code in (403, 404, 409, 422), answer.text
    return answer.status_code == 422


async def _tries(who: Official, number: str, act: str) -> bool:
    """Try an act beside the process on what is not there, and tell whether that alone kept it from being done."""
    one = BESIDE[act]
    code = code_of(await who.post(f"desk/{act.replace(' ', '/')}", {"tracking_id": number, **one.given}))
    assert code in one.tried | NOT_YOURS, (who.person, act, code)
    return code in one.tried


def _allowed(answer: Any) -> bool:
    assert answer.status_code in (200, 403, 404, 409), answer.text
    return bool(answer.status_code == 200)


async def _spoken_for(
    office: Office, officials: list[Official], number: str, facts: Facts, nth: int
) -> list[tuple[str, Person, str, str | None]]:
    """Say things for a report's reporter, and return what was taken or refused against the rules.

    What is to be refused is said in one of the ways for one report, in the other for the next.
    """
    allowed = [command for command, (rule, _) in SAID.items() if rule(facts)]
    differing = []
    for way, role in SPEAKERS.items():
        own, other = _speakers(officials, role, facts.agency)
        # From the tray a reply, which ends nothing; then by the desk the verdict, where one can be given.
        said = allowed[-1:] if way == "by the desk" else [one for one in allowed if one == "reply"]
        refused = [(own, one) for one in SAID if one not in allowed] + [(other, [*SAID][nth % len(SAID)])]
        refused = refused if way == [*SPEAKERS][nth % 2] else []
        for who, command in [*refused, *((own, one) for one in said)]:
            code = await _spoken(office, who, way, number, command)
            if (code is None) != ((who, command) not in refused):
                differing.append((way, who.person, command, code))
    return differing


def _speakers(officials: list[Official], role: str, agency: str) -> tuple[Official, Official]:
    """Return who has the role in an agency, and who has it in the other."""
    there = [who for who in officials if who.person.role == role and who.person.agency == agency]
    elsewhere = [who for who in officials if who.person.role == role and who.person.agency != agency]
    return there[-1], elsewhere[-1]


async def _spoken(office: Office, who: Official, way: str, number: str, command: str) -> str | None:
    """Say something for the reporter, and return why it was refused, if it was."""
    body = SAID[command][1]
    if way == "by the desk":
        code = await ReporterAccess(office.complaints).secret_of(number)
        return code_of(await who.post(f"complaints/{number}/{command}", {**body, "recognition": {"code": code}}))
    words = f"{body.get('text') or body.get('why') or 'Sudah.'} ({command}, {number}, {who.person.agency})"
    lies_with = {"instansi": who.person.agency, "channel": Channel.SMS, "media_type": MESSAGE}
    item = await put(office, words.encode(), number, **lies_with)
    given = {name: value for name, value in body.items() if name not in ("text", "why")}
    return code_of(await who.post("desk/tray/give", {"item": item, "tracking_id": number, "command": command, **given}))


async def _numbers(source: Any, table: str) -> set[str]:
    """Return of which reports a table has rows, without any condition: as far as the source may read it at all."""
    if not await source.fetchval("select has_any_column_privilege($1, 'select')", table):
        return set()
    return {row[0] for row in await source.fetch(f"select distinct tracking_id::text from {table}")}  # noqa: S608
