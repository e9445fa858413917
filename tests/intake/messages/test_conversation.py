"""What becomes of a sender's messages: a story in one report, nothing of it lost, no complaint out of a greeting."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import httpx
import pytest

from kawal.domain.messages import Event
from kawal.domain.names import EventKind, Status
from kawal.domain.process.commands import TEXT_LIMIT
from kawal.store.conversations import Conversations, MessageDecision, MessageKind
from tests.intake.messages.gateway_posts import NUMBER, say
from tests.intake.messages.test_cases import count_of, recorded
from tests.workflows.life import Case, Office

OTHER = "0812-0000-0009"


def one_of_many(place: int) -> str:
    """Return a sender's number, another at each place."""
    return f"0812-0001-{place:04}"


async def told(client: httpx.AsyncClient, text: str, number: str = NUMBER, **more: Any) -> dict[str, Any]:
    answer = await say(client, text, number, **more)
    assert answer.status_code == 200, answer.text
    content: dict[str, Any] = answer.json()
    return content


async def long_ago(office: Office) -> None:
    pool: asyncpg.Pool = office.complaints.pool
    await pool.execute("update conversation set last_at = last_at - interval '5 days'")


def replies(events: list[Event]) -> list[str]:
    return [event.words["text"] for event in events if event.kind is EventKind.REPLIED]


# --- Which report ----------------------------------------------------------------------------------------------------


async def test_a_message_that_names_its_senders_report_belongs_to_it(client: httpx.AsyncClient, office: Office) -> None:
    mine = (await told(client, "Jalan berlubang"))["tracking_id"]
    await recorded(office, mine)
    await long_ago(office)
    assert (await told(client, f"{mine}: masih berlubang"))["tracking_id"] == mine
    assert (await told(client, f"Tentang laporan no. {mine}, lubangnya tambah dalam"))["tracking_id"] == mine
    assert (await told(client, f"Nomor laporan saya: {mine}. Belum juga"))["tracking_id"] == mine
    assert (await told(client, f"*{mine}* sudah"))["tracking_id"] == mine
    # The number in front is taken off; within the words it stays.
    assert replies(await recorded(office, mine, 4)) == [
        "masih berlubang",
        f"Tentang laporan no. {mine}, lubangnya tambah dalam",
        f"Nomor laporan saya: {mine}. Belum juga",
        "sudah",
    ]


NAMING = ("{} saya tambahkan: di depan sekolah", "Laporan {} itu bohong", "lihat #{}", "punya tetangga {} bohong")


async def test_a_message_that_names_somebody_elses_report_is_left_to_a_person(
    client: httpx.AsyncClient, office: Office
) -> None:
    for place, words in enumerate(NAMING):
        theirs = (await told(client, "Jalan berlubang", one_of_many(place)))["tracking_id"]
        text = words.format(theirs)
        answer = await told(client, text, OTHER, message_id=f"x{place}")
        again = await told(client, text, OTHER, message_id=f"x{place}")
        assert answer == again, words
        assert (answer["kind"], "tracking_id" in answer) == ("aside", False), words
        tray = office.complaints.system.tray
        (item,) = [one for one in await tray.lines() if one.names == [theirs]]
        assert (item.why, item.person, item.instansi) == ("names_report", True, "KEPRI"), words
        assert await tray.content(item.item) == (text.encode(), "+6281200000009")
        assert await count_of(office) == len(await tray.lines()) == place + 1, words
        assert replies(await recorded(office, theirs)) == []


async def test_a_number_that_names_no_report_stays_in_the_text(client: httpx.AsyncClient, office: Office) -> None:
    number = (await told(client, "0000000 adalah nomor meteran yang rusak"))["tracking_id"]
    (started, *_) = await recorded(office, number)
    assert started.words["text"] == "0000000 adalah nomor meteran yang rusak"


async def test_the_word_that_judges_reaches_the_report_that_awaits_it(
    client: httpx.AsyncClient, office: Office
) -> None:
    done = (await told(client, "Jalan berlubang"))["tracking_id"]
    await recorded(office, done)
    await Case(office, done).finish()
    await long_ago(office)
    newer = (await told(client, "Lampu jalan mati"))["tracking_id"]
    assert newer != done
    assert (await told(client, "SANGGAH masih berlubang"))["tracking_id"] == done


async def test_a_word_that_could_judge_several_reports_waits_until_it_says_which(
    client: httpx.AsyncClient, office: Office
) -> None:
    both = []
    for text in ("Jalan berlubang", "Lampu jalan mati"):
        both.append((await told(client, text))["tracking_id"])
        await recorded(office, both[-1])
        await long_ago(office)
    for number in both:
        await Case(office, number).finish()
    answer = await told(client, "TERIMA 5")
    assert answer["kind"] == "aside"
    assert all(number in answer["answer"] for number in both)
    (item,) = await office.complaints.system.tray.lines()
    assert sorted(item.names) == sorted(both)
    assert (await told(client, f"{both[0]} TERIMA 5"))["tracking_id"] == both[0]
    assert [(await Case(office, number).state()).status for number in both] == [Status.SELESAI, Status.PROSES]
    # One is left: the word can mean no other.
    assert (await told(client, "SANGGAH masih mati"))["tracking_id"] == both[1]


async def test_a_rating_reaches_what_is_done_and_not_rated_and_is_asked_about_where_it_fits_several(
    client: httpx.AsyncClient, office: Office
) -> None:
    numbers = []
    for text in ("Jalan berlubang", "Lampu jalan mati", "Sampah menumpuk"):
        numbers.append((await told(client, text))["tracking_id"])
        await recorded(office, numbers[-1])
        await long_ago(office)
    first, second, awaiting = numbers
    for number in numbers:
        await Case(office, number).finish()
    for number in (first, second):
        await Case(office, number).reporter("accept")
    answer = await told(client, "NILAI 4")
    assert answer["kind"] == "aside"
    assert [number in answer["answer"] for number in numbers] == [True, True, False]
    assert (await told(client, f"{first} NILAI 4"))["tracking_id"] == first
    # One is left that is done and has no rating; what awaits TERIMA or SANGGAH cannot be rated.
    assert (await told(client, "NILAI 2"))["tracking_id"] == second
    assert [(await Case(office, number).row()).rating for number in numbers] == [4, 2, None]
    assert (await told(client, "TERIMA 5"))["tracking_id"] == awaiting


async def test_a_bare_word_about_no_report_begins_none(client: httpx.AsyncClient, office: Office) -> None:
    for place, text in enumerate(("TERIMA", "TERIMA 5", "NILAI 4", "SANGGAH", "ANONIMKAN")):
        assert (await told(client, text, one_of_many(place)))["kind"] == "ignored", text
    assert await count_of(office) == 0


async def test_a_greeting_is_no_title(client: httpx.AsyncClient, office: Office) -> None:
    number = (await told(client, "Assalamualaikum, selamat pagi\n\nJalan berlubang\nDi Batu 9"))["tracking_id"]
    (started, *_) = await recorded(office, number)
    assert started.words["title"] == "Jalan berlubang"
    assert started.words["text"].startswith("Assalamualaikum")


async def test_a_word_about_no_report_with_a_story_is_a_report(client: httpx.AsyncClient, office: Office) -> None:
    number = (await told(client, "ANONIMKAN saya. Kepala desa minta uang"))["tracking_id"]
    await recorded(office, number)
    assert (await Case(office, number).row()).anonim


# --- What is no complaint --------------------------------------------------------------------------------------------


async def test_who_has_an_open_report_replies_with_thanks_however_late(
    client: httpx.AsyncClient, office: Office
) -> None:
    for place, text in enumerate(("Oke 👍", "Terima kasih pak", "🙏", "Selamat pagi")):
        number = one_of_many(place)
        mine = (await told(client, "Jalan berlubang", number))["tracking_id"]
        await recorded(office, mine)
        await long_ago(office)
        assert await told(client, text, number) == {"kind": "reply", "tracking_id": mine, "new": False}, text
        assert replies(await recorded(office, mine, 1)) == [text]
        # What follows a greeting is a story of its own.
        assert (await told(client, "Lampu jalan mati", number))["new"], text


async def test_stop_is_never_a_reply(client: httpx.AsyncClient, office: Office) -> None:
    for place, text in enumerate(("STOP", "Berhenti.")):
        mine = (await told(client, "Jalan berlubang", one_of_many(place)))["tracking_id"]
        answer = await told(client, text, one_of_many(place))
        assert answer["kind"] == "ignored", text
        assert "tetap diproses" in answer["answer"], text
        assert replies(await recorded(office, mine)) == [], text


async def test_an_ignored_message_stays_ignored_when_it_is_delivered_again(client: httpx.AsyncClient) -> None:
    first = await told(client, "halo", message_id="h")
    await told(client, "Jalan berlubang")
    assert await told(client, "halo", message_id="h") == first


async def test_a_message_with_nothing_in_it_is_answered(client: httpx.AsyncClient, office: Office) -> None:
    assert (await told(client, " "))["kind"] == "ignored"
    assert await count_of(office) == 0


# --- Nothing is lost -------------------------------------------------------------------------------------------------


async def test_a_long_message_is_recorded_whole_and_said_to_be_in_parts(
    client: httpx.AsyncClient, office: Office
) -> None:
    story = " ".join(f"kata{place}" for place in range(TEXT_LIMIT // 4))
    answer = await told(client, story)
    assert "beberapa bagian" in answer["answer"]
    events = await recorded(office, answer["tracking_id"], 2)
    written = [events[0].words["text"], *replies(events)]
    assert " ".join(written) == story
    again = await told(client, story + " tamat")
    assert again["tracking_id"] == answer["tracking_id"]
    assert "beberapa bagian" in again["answer"]


async def test_what_cannot_be_read_is_a_mark_in_its_place(client: httpx.AsyncClient, office: Office) -> None:
    marked = {"Jalan \ud83d rusak": "Jalan \ufffd rusak", "Jalan\x00 rusak\x1b": "Jalan\ufffd rusak\ufffd"}
    for place, (sent, kept) in enumerate(marked.items()):
        number = (await told(client, sent, one_of_many(place)))["tracking_id"]
        (started, *_) = await recorded(office, number)
        assert started.words["text"] == kept


SENDERS = (
    ("0812.0000.0001", "+6281200000001", None),
    ("(0771) 21-234", "+6277121234", None),
    ("INFO", None, "INFO"),
    ("1708", None, "1708"),
    ("ID.13491208655302741918", None, "ID.13491208655302741918"),
)
"""As it comes; as a telephone's number; what is kept of what is none."""


async def test_a_sender_that_is_no_number_is_kept_as_it_came(client: httpx.AsyncClient, office: Office) -> None:
    for sender, phone, origin in SENDERS:
        number = (await told(client, "Jalan rusak", sender))["tracking_id"]
        (started, *_) = await recorded(office, number)
        assert (started.words["reporter"]["phone"], started.words["reporter"]["origin"]) == (phone, origin), sender
        assert (await told(client, "di Batu 9", sender))["tracking_id"] == number, sender


async def test_a_place_is_the_reports_place_or_a_line_of_the_reply(client: httpx.AsyncClient, office: Office) -> None:
    number = (await told(client, "", latitude=0.9167, longitude="104.45", address="Pasar Bincen"))["tracking_id"]
    (started, *_) = await recorded(office, number)
    assert (started.words["title"], started.words["text"]) == ("Lokasi tanpa keterangan",) * 2
    assert started.words["place"] == {"text": "Pasar Bincen", "latitude": 0.9167, "longitude": 104.45}
    await told(client, "di sini", latitude=0.9, longitude=104.4)
    assert replies(await recorded(office, number, 1)) == ["di sini\nLokasi: 0.9, 104.4"]


async def test_a_place_that_cannot_be_read_is_kept_in_words(client: httpx.AsyncClient, office: Office) -> None:
    points: tuple[dict[str, Any], ...] = ({"latitude": 91, "longitude": 104}, {"latitude": "utara"}, {"longitude": 104})
    for place, point in enumerate(points):
        number = (await told(client, "Jalan rusak", one_of_many(place), **point))["tracking_id"]
        (started, *_) = await recorded(office, number)
        assert started.words["text"] == "Jalan rusak\n" + " ".join(map(str, point.values()))


async def test_where_a_file_is_stands_in_no_text_that_becomes_public(client: httpx.AsyncClient, office: Office) -> None:
    url = "not even an address \x07 https://api.example.com/x"
    number = (await told(client, "Jalan rusak", media_url=url, media_type="image/png"))["tracking_id"]
    events = await recorded(office, number, 1)
    assert events[0].words["text"] == "Jalan rusak\n\nLampiran di gateway: image/png"
    assert replies(events) == ["Lampiran di gateway: not even an address \ufffd https://api.example.com/x (image/png)"]


async def test_who_wants_to_be_anonim_afterwards_is_told_how(client: httpx.AsyncClient) -> None:
    await told(client, "Kepala desa minta uang")
    assert "ANONIMKAN" in (await told(client, "anonim ya"))["answer"]


async def test_one_id_for_two_messages_loses_neither(client: httpx.AsyncClient, office: Office) -> None:
    number = (await told(client, "Jalan rusak", message_id="1"))["tracking_id"]
    assert (await told(client, "di Batu 9", message_id="1"))["kind"] == "reply"
    assert replies(await recorded(office, number, 1)) == ["di Batu 9"]


# --- At the same time ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Jalan rusak", "tambahan"])
async def test_a_message_delivered_several_times_at_once_is_one_message(
    client: httpx.AsyncClient, office: Office, text: str
) -> None:
    number = "" if text == "Jalan rusak" else (await told(client, "Jalan rusak"))["tracking_id"]
    answers = await asyncio.gather(*(told(client, text, message_id="same") for _ in range(5)))
    assert all(one == answers[0] for one in answers)
    assert await count_of(office) == 1
    if number:
        assert replies(await recorded(office, number, 1)) == [text]


async def test_many_senders_at_once_do_not_wait_for_each_other_for_ever(
    client: httpx.AsyncClient, office: Office
) -> None:
    """More senders than connections: who has a turn still finds one to work with."""
    sent = [told(client, "Jalan rusak", one_of_many(place)) for place in range(40)]
    assert all(one["new"] for one in await asyncio.gather(*sent))
    assert await count_of(office) == 40


async def test_a_sender_has_one_turn_at_a_time_in_all_processes(office: Office) -> None:
    system = office.complaints.system
    here, there = Conversations(system.pool, system.keys), Conversations(system.pool, system.keys)
    sender = await here.sender(NUMBER)
    inside: list[int] = []

    async def turn(conversations: Conversations, place: int) -> None:
        async with conversations.alone(sender):
            inside.append(place)
            await conversations.seen("wa", "x")
            assert inside[-1] == place

    await asyncio.gather(*(turn(here if place % 2 else there, place) for place in range(8)))
    assert sorted(inside) == list(range(8))


async def test_what_was_decided_first_remains(office: Office) -> None:
    conversations = office.complaints.system.conversations
    begins, ignored = MessageDecision(MessageKind.REPORT), MessageDecision(MessageKind.IGNORED)
    assert await conversations.note("wa", "x", begins) == begins
    assert await conversations.note("wa", "x", ignored) == begins
    assert await conversations.seen("wa", "x") == begins
    assert await conversations.seen("wa", "y") is None


async def test_a_report_that_ended_is_begun_anew_by_the_next_story(client: httpx.AsyncClient, office: Office) -> None:
    number = (await told(client, "Jalan rusak"))["tracking_id"]
    await recorded(office, number)
    await Case(office, number).close()
    assert (await Case(office, number).row()).status is Status.SELESAI
    assert (await told(client, "terima kasih"))["kind"] == "ignored"
    assert (await told(client, "Lampu jalan mati"))["new"]


async def test_a_message_that_could_answer_several_reports_is_asked_about(
    client: httpx.AsyncClient, office: Office
) -> None:
    numbers = []
    for words in ("Jalan berlubang", "Lampu padam"):
        numbers.append((await told(client, words))["tracking_id"])
        await recorded(office, numbers[-1])
        await long_ago(office)
    first, second = numbers
    await Case(office, first).admin("hold", missing="Di mana?")
    assert (await told(client, "Di depan pasar", message_id="m-one"))["tracking_id"] == first
    await long_ago(office)
    for number in numbers:
        await Case(office, number).admin("hold", missing="Di mana?")
    answer = await told(client, "Di depan sekolah", message_id="m-two")
    assert answer["kind"] == "aside"
    assert all(number in answer["answer"] for number in numbers)
    assert (await told(client, f"{second} Di depan sekolah"))["tracking_id"] == second
    # A story that goes on is no answer to another question.
    assert (await told(client, "Tepatnya di seberang kantor lurah"))["tracking_id"] == second
