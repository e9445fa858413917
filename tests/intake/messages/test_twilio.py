"""Twilio's SMS and WhatsApp: its form, its answer, and that what it signed for one message vouches for no other."""

from __future__ import annotations

import itertools
from xml.etree import ElementTree

import httpx

from tests.intake.messages.gateway_posts import post_form, signed_as_twilio
from tests.intake.messages.test_cases import count_of, only_number, recorded
from tests.workflows.life import Case, Office

FORM = {
    "MessageSid": "SM0123456789abcdef0123456789abcdef",
    "SmsSid": "SM0123456789abcdef0123456789abcdef",
    "AccountSid": "AC0123456789abcdef0123456789abcdef",
    "From": "whatsapp:+6281200000001",
    "To": "whatsapp:+14155238886",
    "Body": "Air mati sejak kemarin",
    "NumMedia": "0",
    "NumSegments": "1",
    "ProfileName": "Siti <Aminah>",
    "WaId": "6281200000001",
}


def said(answer: httpx.Response) -> str | None:
    """Return what an answer writes to the sender."""
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer
    assert root.tag == "Response"
    return root.findtext("Message")


async def test_the_documented_form_is_a_report_and_its_sender_is_answered(
    client: httpx.AsyncClient, office: Office
) -> None:
    written = said(await post_form(client, FORM)) or ""
    number = await only_number(office)
    assert number in written
    (started, *_) = await recorded(office, number)
    assert started.words["reporter"] == {
        "name": "Siti <Aminah>",
        "phone": "+6281200000001",
        "email": None,
        "origin": None,
    }
    assert said(await post_form(client, FORM)) == written
    assert said(await post_form(client, FORM | {"MessageSid": "SM2", "Body": "di Batu 9"})) is None
    assert await count_of(office) == 1


async def test_a_location_and_several_files_are_kept(client: httpx.AsyncClient, office: Office) -> None:
    files = {f"MediaUrl{place}": f"https://api.example.com/{place}" for place in range(3)}
    kinds = {f"MediaContentType{place}": "video/mp4" for place in range(3)}
    where = {"Latitude": "0.9167", "Longitude": "104.45", "Address": "Jalan Merdeka", "Label": "Pasar"}
    said(await post_form(client, FORM | files | kinds | where | {"Body": "", "NumMedia": "3"}))
    number = await only_number(office)
    started, *later = await recorded(office, number, 1)
    assert started.words["title"] == "Video tanpa keterangan"
    assert started.words["place"]["text"] == "Pasar, Jalan Merdeka"
    assert all(address in later[-1].words["text"] for address in files.values())


async def test_a_buttons_words_are_the_message_where_it_has_no_other(client: httpx.AsyncClient, office: Office) -> None:
    said(await post_form(client, FORM | {"Body": "", "ButtonText": "Lampu jalan padam"}))
    number = await only_number(office)
    (started, *_) = await recorded(office, number)
    assert started.words["text"] == "Lampu jalan padam"


async def test_a_sender_without_a_number_is_known_by_the_one_whatsapp_gives(
    client: httpx.AsyncClient, office: Office
) -> None:
    said(await post_form(client, FORM | {"From": "whatsapp:siti"}))
    (started, *_) = await recorded(office, await only_number(office))
    assert started.words["reporter"]["phone"] == "+6281200000001"


async def test_news_of_a_message_that_was_sent_is_no_message(client: httpx.AsyncClient, office: Office) -> None:
    news = {"MessageSid": "SM3", "MessageStatus": "delivered", "From": FORM["To"], "To": FORM["From"]}
    assert said(await post_form(client, news)) is None
    assert await count_of(office) == 0


async def test_a_form_without_a_documented_field_is_named_as_such(client: httpx.AsyncClient) -> None:
    for missing in ("From", "Body", "MessageSid"):
        answer = await post_form(client, {name: value for name, value in FORM.items() if name != missing})
        assert answer.status_code == 422, missing
        assert missing in answer.text


async def test_a_changed_form_is_not_signed(client: httpx.AsyncClient) -> None:
    assert (await post_form(client, FORM | {"Body": "lain"}, FORM)).status_code == 401


async def test_what_was_signed_for_one_message_makes_no_other(client: httpx.AsyncClient, office: Office) -> None:
    """The signature covers names and values without saying where one ends, so a form can be cut otherwise."""
    form = {
        "Body": "xFrom+6281299999999MessageSidSM9NumMedia0ProfileNamex",
        "From": "+6281200000001",
        "MessageSid": "SM1",
    }
    cut = {
        "Body": "x",
        "From": "+6281299999999",
        "MessageSid": "SM9",
        "NumMedia": "0",
        "ProfileName": "xFrom+6281200000001MessageSidSM1",
    }
    assert signed_as_twilio(form) == signed_as_twilio(cut)
    said(await post_form(client, form))
    assert (await post_form(client, cut)).status_code == 401
    assert await count_of(office) == 1
    said(await post_form(client, form))
    assert await count_of(office) == 1


async def test_a_field_that_comes_twice_is_not_signed(client: httpx.AsyncClient) -> None:
    headers = signed_as_twilio(FORM)
    content = "&".join(["Body=Air+mati", "Body=Air+mati+sejak+kemarin", "From=%2B62", "MessageSid=SM1"])
    assert (await client.post("/webhooks/twilio", content=content, headers=headers)).status_code == 401


UNSIGNED = (
    *(b"Body=%ED%A0%BD&From=1&MessageSid=2", b"\xed\xa0\xbd"),
    *(b"&&&", b"a", b"", b"=" * 1000, b"a=1&" * 300),
)


async def test_what_nobody_signed_is_refused_whatever_it_is(client: httpx.AsyncClient) -> None:
    form = b"application/x-www-form-urlencoded"
    headers = [(b"Content-Type", form), (b"X-Twilio-Signature", b"\xe9"), (b"X-Hub-Signature-256", b"\xe9")]
    for content, name in itertools.product(UNSIGNED, ("twilio", "wa", "meta")):
        answer = await client.post(f"/webhooks/{name}", content=content, headers=headers)
        assert answer.status_code == 401, (name, content)


async def test_half_an_emoji_in_json_that_nobody_signed_is_refused(client: httpx.AsyncClient) -> None:
    body, headers = b'{"from": "\\ud83d", "Body": "\\ud83d"}', {"Content-Type": "application/json"}
    for name in ("twilio", "wa", "meta"):
        answer = await client.post(f"/webhooks/{name}", content=body, headers=headers)
        assert answer.status_code == 401


async def test_an_anonim_sender_is_told_so(client: httpx.AsyncClient, office: Office) -> None:
    written = said(await post_form(client, FORM | {"Body": "#anonim Kepala desa minta uang"})) or ""
    assert "Nama Anda disembunyikan" in written
    number = await only_number(office)
    (started, *_) = await recorded(office, number)
    assert started.words["title"] == "Kepala desa minta uang"
    assert (await Case(office, number).row()).anonim
