"""What is public of a report at each stage: words are planted in every field, and every public address is requested.

Nothing before an admin has verified it, not even that there is such a number; of what is or was berkadar pengawasan
only number, status and dates; of a rahasia one nothing, as of one that its reporter concealed as such a moment ago; and
never a name, a contact, a reply, a question, grounds, a note, or a file.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import Route

from kawal.client.complaint_search import ComplaintSearch
from kawal.desks.table import Desk, perform
from kawal.domain.calendar import JAKARTA
from kawal.domain.names import EventKind, Role
from kawal.domain.public_figures import Figure
from kawal.intake.attachments.service import Attachments
from kawal.intake.attachments.settings import AttachmentSettings
from kawal.intake.service import IntakeService
from kawal.intake.supports import Supports
from tests.intake.attachments.files import pieces
from tests.intake.http.conftest import client_of
from tests.intake.open311.conftest import FORM, POTHOLE, V2, Sender
from tests.intake.open311.test_photos import photo
from tests.workflows.life import CATEGORY, Case

PUBLIC = {
    "title": "Judulrangkong",
    "text": "Uraiankutilang",
    "place": "Tempatcendrawasih",
    "follow_up": "Tindakkasuari",
}
"""The words that are public once a report is."""

NEVER = {
    "first_name": "Namaberuang",
    "email": "surelberuang@rumah.example",
    "phone": "+62 811 7654 3210",
    "account_id": "akunberuang",
    "device_id": "gawaiberuang",
    "media_url": "https://fms.example/fotoberuang.jpeg",
    "file": "berkasberuang.jpeg",
    "question": "Tanyaberuang",
    "reply": "Balasberuang",
    "grounds": "Alasanberuang",
    "nudge": "Colekberuang",
    "note": "Catatanberuang",
    "rating": "Nilaiberuang",
    "conceal": "Tutupberuang",
    "supporter": "pendukungberuang@rumah.example",
}

HIDDEN_LATER = {
    "neighbour": "Tetanggaserigala",
    "colleague": "Rekanserigala",
}
"""Words of the text and of a follow-up that are public until an official replaces them."""

NAMED = "NAMABERUANG (surelberuang (at) rumah.example, HP.0811.7654.3210, NIK 2171 0141 0190 0001)"
"""How people name themselves, or are named, in what is public."""

DIGITS = {"digits": r"7654\D?3210", "card": r"0141\D?0190", "rounded": r"(?<!\d)0[.,]92(?!\d)"}
"""Parts of the numbers, however they are separated: long enough that no digest on a page contains them by chance."""

FORM_OF_ALL = FORM | {
    "description": f"{PUBLIC['text']} {NAMED}",
    "attribute[judul]": f"{PUBLIC['title']} {NEVER['first_name']}",
    "address_string": f"{PUBLIC['place']} {NAMED}",
    "lat": "0.91861234",
    "long": "104.46653456",
    "first_name": NEVER["first_name"],
    "last_name": "",
    "email": NEVER["email"],
    "phone": NEVER["phone"],
    "account_id": NEVER["account_id"],
    "device_id": NEVER["device_id"],
    "media_url": NEVER["media_url"],
}
STATUS_ONLY = {"service_request_id", "status", "status_notes", "requested_datetime", "updated_datetime"}
_ids = itertools.count(1)
_NAMED = re.compile(r"\{[a-z_0-9]+(:path)?\}")


async def filed(sender: Sender, **more: str) -> Case:
    own = {"api_key": sender.key, "attribute[fixmystreet_id]": str(next(_ids))}
    given = own | FORM_OF_ALL | more
    answer = await sender.client.post(f"{V2}/requests.json", data=given, files={"photo1": (NEVER["file"], photo())})
    assert answer.status_code == 201, answer.text
    told = answer.json()[0]
    return Case(sender.office, told.get("service_request_id") or told["token"].partition("-")[0])


async def recorded(sender: Sender, **more: str) -> Case:
    case = await filed(sender, **more)
    return await sender.case(case.tracking_id)


async def verified(case: Case, *, pengawasan: bool = False) -> None:
    title = f"{PUBLIC['title']} {NEVER['first_name']}"
    given: dict[str, Any] = {"title": title, "category": CATEGORY, "pengawasan": pengawasan}
    given["class"] = "pengaduan"
    await case.admin("verify", **given)


async def lived(case: Case) -> None:
    """Do everything from the forward to the rating, with something written at every step."""
    file = await attachments_of(case).add(case.tracking_id, NEVER["file"], pieces(photo("green")))
    await case.admin("forward", opds=["DPUPR"], note=NEVER["note"])
    await case.admin("nudge", opd="DPUPR", how=NEVER["nudge"])
    await case.liaison("DPUPR", "ask", question=NEVER["question"])
    await case.reporter("reply", text=NEVER["reply"])
    told = f"{PUBLIC['follow_up']} {NAMED}"
    await case.liaison("DPUPR", "follow_up", text=told, final=True, files=[str(file.id)])
    await case.reporter("dispute", why=NEVER["reply"])
    await case.liaison("DPUPR", "follow_up", text=told, final=True)
    await case.admin("close", grounds=NEVER["grounds"])
    await case.reporter("rate", rating=2, words=NEVER["rating"])


def attachments_of(case: Case) -> Attachments:
    connection = case.office.complaints.system
    return Attachments(connection, AttachmentSettings.from_env(connection.settings.home, {}))


# --- The stages ------------------------------------------------------------------------------------------------------


async def waiting(sender: Sender) -> Case:
    return await filed(sender)


async def unverified(sender: Sender) -> Case:
    return await recorded(sender)


async def held(sender: Sender) -> Case:
    case = await recorded(sender)
    await case.admin("hold", missing=NEVER["question"])
    return case


async def archived(sender: Sender) -> Case:
    case = await recorded(sender)
    await case.admin("archive", reason=NEVER["grounds"])
    return case


async def passed_on(sender: Sender) -> Case:
    case = await recorded(sender)
    await case.admin("pass_on", agency=NEVER["grounds"])
    return case


async def merged(sender: Sender) -> Case:
    main = await sender.case(await sender.submit(description="Utama"))
    await main.verify()
    case = await recorded(sender)
    await case.admin("merge", main=main.tracking_id)
    return case


async def supervised(sender: Sender) -> Case:
    case = await recorded(sender)
    await verified(case, pengawasan=True)
    await lived(case)
    return case


async def no_longer_supervised(sender: Sender) -> Case:
    case = await recorded(sender)
    await verified(case, pengawasan=True)
    await case.reclassify("aspirasi")
    await lived(case)
    return case


async def supervised_later(sender: Sender) -> Case:
    case = await recorded(sender)
    await verified(case)
    await case.admin("forward", opds=["DPUPR"])
    await case.reclassify("pengaduan", pengawasan=True)
    return case


async def rahasia(sender: Sender) -> Case:
    case = await recorded(sender, **{"attribute[rahasia]": "ya"})
    await verified(case)
    await lived(case)
    return case


async def rahasia_supervised(sender: Sender) -> Case:
    case = await recorded(sender, **{"attribute[rahasia]": "ya"})
    await verified(case, pengawasan=True)
    return case


async def concealed(sender: Sender) -> Case:
    """Return what its reporter made rahasia; its workflow has not heard of it yet."""
    case = await recorded(sender)
    await verified(case)
    await lived(case)
    await conceal(case, anonim=False, rahasia=True)
    return case


async def erased(sender: Sender) -> Case:
    case = await recorded(sender)
    await verified(case)
    await lived(case)
    # Its key stays: the workflow's history is replayed after the test.
    await sender.office.complaints.pool.execute(
        "update complaint set title = null, body = null, place = null, latitude = null, longitude = null,"
        " occurred_on = null, area = null, erased_at = now() where tracking_id::text = $1",
        case.tracking_id,
    )
    return case


async def conceal(case: Case, *, anonim: bool, rahasia: bool) -> None:
    await case.office.complaints.pool.execute(
        "insert into concealment (tracking_id, anonim, rahasia) values ($1, $2, $3)", case.tracking_id, anonim, rahasia
    )


async def official(case: Case, role: Role, name: str, **given: Any) -> None:
    desk = Desk(case.office.complaints, await case.person(role))
    await perform(desk, name, {"tracking_id": case.tracking_id, **given})


async def supported(case: Case) -> None:
    answer = await Supports(case.office.complaints).support(
        case.tracking_id, browser=NEVER["supporter"], email=NEVER["supporter"], lang="id"
    )
    assert answer.outcome == "supported"


async def redacted(sender: Sender) -> Case:
    """Return a public report of whose words some were replaced, and whose file was released."""
    text = f"{PUBLIC['text']} {HIDDEN_LATER['neighbour']}"
    case = await recorded(sender, description=text)
    await verified(case)
    await supported(case)
    await case.admin("forward", opds=["DPUPR"])
    told = f"{PUBLIC['follow_up']} {HIDDEN_LATER['colleague']}"
    await case.liaison("DPUPR", "follow_up", text=told, final=True)
    seq = (await case.event(EventKind.FOLLOWED_UP)).seq
    why = f"Nama {NAMED}"
    await official(case, Role.ADMIN, "public redact", passages=[HIDDEN_LATER["neighbour"]], why=why)
    await official(case, Role.ADMIN, "public redact", passages=[HIDDEN_LATER["colleague"]], why=why, follow_up=seq)
    (file,) = await attachments_of(case).list(case.tracking_id)
    await official(case, Role.ADMIN, "public release", file=file.id)
    return case


async def released(sender: Sender) -> Case:
    """Return a supervised report whose words the Inspectorate released; what was written later is not among them."""
    case = await recorded(sender)
    await verified(case, pengawasan=True)
    await case.admin("forward", opds=["DPUPR"])
    await official(case, Role.INSPECTORATE, "public release", all_words=True)
    await case.liaison("DPUPR", "follow_up", text=PUBLIC["follow_up"], final=False)
    return case


async def release_voided(sender: Sender) -> Case:
    case = await released(sender)
    await case.reclassify("aspirasi")
    await case.reclassify("pengaduan", pengawasan=True)
    return case


async def released_and_concealed(sender: Sender) -> Case:
    case = await released(sender)
    await conceal(case, anonim=False, rahasia=True)
    return case


async def redacted_and_concealed(sender: Sender) -> Case:
    case = await redacted(sender)
    await conceal(case, anonim=False, rahasia=True)
    return case


Stage = Callable[[Sender], Awaitable[Case]]
SILENT_STAGES: list[Any] = [
    waiting, unverified, held, archived, passed_on, merged, rahasia, rahasia_supervised, concealed, erased,
    released_and_concealed, redacted_and_concealed,
]  # fmt: skip
STATUS_STAGES: list[Any] = [supervised, no_longer_supervised, supervised_later, release_voided]


async def walked(sender: Sender, app: FastAPI, number: str) -> list[httpx.Response]:
    """Return every answer that a stranger gets to a GET: each address, and searches with every filter."""
    rows = await sender.office.complaints.pool.fetch("select id from attachment where tracking_id::text = $1", number)
    files = [str(row["id"]) for row in rows]
    addresses = [
        _NAMED.sub(value, route.path.replace("{format}", ending))
        for route in app.routes
        if isinstance(route, Route) and "GET" in (route.methods or ())
        for value in (number, POTHOLE, *files)
        for ending in ("json", "xml")
    ]
    addresses += [f"{V2}/photos/{one}" for one in files]
    addresses += [f"/angka/baris{ending}?angka={figure}" for ending in ("", ".csv") for figure in Figure]
    span = {"start_date": "2026-01-01", "end_date": "2026-03-01"}
    searches: list[dict[str, str]] = [
        {},
        {"status": "open"},
        {"status": "closed"},
        {"status": "open,closed", "per_page": "1000"},
        {"service_code": POTHOLE},
        {"service_request_id": number},
        {"service_request_id": f"{number},7654321"},
        {"service_request_id": number, "service_code": POTHOLE, "status": "open"},
        {"q": PUBLIC["text"]},
        {"token": f"{number}-AAAAAAAAAA"},
        span,
    ]
    methods = ("requests", f"requests/{number}", "servicerequestupdates", f"tokens/{number}-AAAAAAAAAA")
    async with client_of(app) as stranger:
        answers = [await stranger.get(address) for address in dict.fromkeys(addresses)]
        for method, ending, given in itertools.product(methods, ("json", "xml"), searches):
            answers.append(await stranger.get(f"{V2}/{method}.{ending}", params=given))
    assert not any(answer.status_code >= 500 for answer in answers)
    return answers


def words_in(answers: list[httpx.Response]) -> set[str]:
    everything = "\n".join(answer.text for answer in answers).lower()
    planted = {**PUBLIC, **NEVER, **HIDDEN_LATER, "exact": "0.91861234", "user": NEVER["email"].split("@")[0]}
    found = {name for name, word in planted.items() if word.lower() in everything}
    return found | {name for name, digits in DIGITS.items() if re.search(digits, everything)}


async def listed(sender: Sender, number: str) -> bool:
    lists = [await sender.client.get(f"{V2}/{name}.json") for name in ("requests", "servicerequestupdates")]
    return number in "".join(one.text for one in lists)


async def named_on_pages(sender: Sender, number: str, words: str) -> bool:
    """Return whether a search of the board, or the comparison before sending the same words, names the report."""
    searched = [
        await sender.client.get(path, params={name: words})
        for path in ("/papan", "/papan.csv")
        for name in ("cari", "tempat")
    ]
    compared = await sender.client.post("/lapor", data={"text": words, "place": PUBLIC["place"]})
    assert all(answer.status_code == 200 for answer in searched)
    return number in "".join(answer.text for answer in (*searched, compared))


async def test_what_is_not_public_is_a_number_a_status_and_dates(sender: Sender, app: FastAPI) -> None:
    for stage in STATUS_STAGES:
        case = await stage(sender)
        assert words_in(await walked(sender, app, case.tracking_id)) == set(), stage.__name__
        for asked in (f"requests/{case.tracking_id}.json", f"requests.json?service_request_id={case.tracking_id}"):
            (told,) = (await sender.client.get(f"{V2}/{asked}")).json()
            assert {name for name, value in told.items() if value is not None} == STATUS_ONLY, stage.__name__
            assert told["service_request_id"] == case.tracking_id
        assert not await listed(sender, case.tracking_id), stage.__name__


async def test_of_what_is_not_public_at_all_not_even_its_number_is_known(sender: Sender, app: FastAPI) -> None:
    for stage in SILENT_STAGES:
        case = await stage(sender)
        answers = await walked(sender, app, case.tracking_id)
        assert words_in(answers) == set(), stage.__name__
        unknown = (await sender.client.get(f"{V2}/requests/9876543.json")).text
        known = await sender.client.get(f"{V2}/requests/{case.tracking_id}.json")
        assert known.status_code == 404, stage.__name__
        assert known.text.replace(case.tracking_id, "") == unknown.replace("9876543", ""), stage.__name__
        listing = await sender.client.get(f"{V2}/requests.json?service_request_id={case.tracking_id}")
        assert listing.json() == [], stage.__name__
        assert not await listed(sender, case.tracking_id), stage.__name__
        for words in (*PUBLIC.values(), *NEVER.values()):
            found = await ComplaintSearch(sender.office.complaints).public(words, None, 10)
            assert case.tracking_id not in [one.tracking_id for one in found], stage.__name__
        for words in (PUBLIC["text"], PUBLIC["title"], NEVER["reply"]):
            assert not await named_on_pages(sender, case.tracking_id, words), stage.__name__


async def test_a_verified_report_shows_its_words_and_its_follow_ups_and_nothing_else(
    sender: Sender, app: FastAPI
) -> None:
    case = await recorded(sender)
    await verified(case)
    await lived(case)
    assert words_in(await walked(sender, app, case.tracking_id)) == {*PUBLIC, "exact"}
    assert await listed(sender, case.tracking_id)
    assert await named_on_pages(sender, case.tracking_id, PUBLIC["text"])
    for words in NEVER.values():
        assert not await named_on_pages(sender, case.tracking_id, words), words


async def test_what_an_official_replaced_is_shown_nowhere_and_found_by_no_search(sender: Sender, app: FastAPI) -> None:
    case = await redacted(sender)
    answers = await walked(sender, app, case.tracking_id)
    assert words_in(answers) == {*PUBLIC, "exact"}
    assert "[disunting]" in "".join(answer.text for answer in answers)
    search = ComplaintSearch(sender.office.complaints)
    assert [one.tracking_id for one in await search.public(PUBLIC["text"], None, 10)] == [case.tracking_id]
    for words in HIDDEN_LATER.values():
        assert await search.public(words, None, 10) == [], words
        assert not await named_on_pages(sender, case.tracking_id, words), words


async def test_of_released_words_what_stood_then_is_shown_and_nothing_later(sender: Sender, app: FastAPI) -> None:
    case = await released(sender)
    assert words_in(await walked(sender, app, case.tracking_id)) == {"title", "text", "place", "exact"}
    assert await listed(sender, case.tracking_id)


async def test_no_search_finds_a_report_by_what_is_never_public(sender: Sender) -> None:
    case = await recorded(sender)
    await verified(case)
    await lived(case)
    search = ComplaintSearch(sender.office.complaints)
    assert [one.tracking_id for one in await search.public(PUBLIC["text"], None, 10)] == [case.tracking_id]
    for words in NEVER.values():
        assert await search.public(words, None, 10) == [], words


@pytest.mark.parametrize("when", ["sent", "concealed"])
async def test_an_anonim_reports_point_is_a_kilometre_and_its_time_a_day(
    sender: Sender, app: FastAPI, when: str
) -> None:
    case = await recorded(sender, **({"attribute[anonim]": "ya"} if when == "sent" else {}))
    await verified(case)
    if when == "concealed":
        assert "exact" in words_in(await walked(sender, app, case.tracking_id))
        await conceal(case, anonim=True, rahasia=False)
    assert words_in(await walked(sender, app, case.tracking_id)) == {"title", "text", "place", "rounded"}
    (told,) = (await sender.client.get(f"{V2}/requests/{case.tracking_id}.json")).json()
    assert (told["lat"], told["long"]) == (0.92, 104.47)
    received_at = (await case.row()).received_at.astimezone(JAKARTA)
    midnight = received_at.replace(hour=0, minute=0, second=0, microsecond=0)
    assert datetime.fromisoformat(told["requested_datetime"]) == midnight
    # Nor can the time be found by requesting ever smaller spans.
    day = f"{received_at:%Y-%m-%d}T00:00:00+07:00"
    found = (await sender.client.get(f"{V2}/requests.json", params={"start_date": day, "end_date": day})).json()
    assert [one["service_request_id"] for one in found] == [case.tracking_id]


@pytest.mark.parametrize("stage", [waiting, unverified, archived])
async def test_who_holds_the_token_sees_their_own_also_while_nothing_is_public(sender: Sender, stage: Stage) -> None:
    case = await stage(sender)
    secret = await IntakeService(sender.office.complaints).secret_of(case.tracking_id)
    address = f"{V2}/requests/{case.tracking_id}.json"
    (told,) = (await sender.client.get(address, params={"token": f"{case.tracking_id}-{secret}"})).json()
    assert told["title"].startswith(PUBLIC["title"])
    assert told["description"].startswith(PUBLIC["text"])
    assert told["address"].startswith(PUBLIC["place"])
    other = await sender.client.get(address, params={"token": f"{case.tracking_id}-AAAAAAAAAA"})
    assert other.status_code == 404
