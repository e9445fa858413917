"""Protected data is planted, and then searched for in every answer that anybody can get."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.intake.open311.conftest import FORM, Sender
from tests.workflows.life import Case

PERSON = {
    "first_name": "Kuncoroningrat",
    "last_name": "Wirasasmita",
    "email": "kuncoroningrat@rumah.example",
    "phone": "+62 811 7654 3210",
    "account_id": "akun-77123",
    "device_id": "gawai-99887",
}
SECRET_WORDS = ("Kuncoroningrat", "Wirasasmita", "rumah.example", "7654", "77123", "99887")
DETAILS = ("Rumbaicangkul", "Gang Sembilanpuluh", "1.23456", "104.98765")


async def see_everything(sender: Sender, numbers: Sequence[str]) -> str:
    """Request everything that can be requested without a secret; return all answers as one text."""
    for ending in ("xml", "json"):
        for number in numbers:
            await sender.get(f"requests/{number}.{ending}")
            await sender.get(f"requests/{number}.{ending}", token=f"{number}-AAAAAAAAAA")
            await sender.get(f"tokens/{number}.{ending}")
            await sender.get(f"tokens/{number}-AAAAAAAAAA.{ending}")
            await sender.get(f"servicerequestupdates.{ending}", service_request_id=number)
        await sender.get(f"requests.{ending}")
        await sender.get(f"requests.{ending}", service_request_id=",".join(numbers))
        await sender.get(f"requests.{ending}", status="open,closed", per_page="1000")
        await sender.get(f"servicerequestupdates.{ending}", api_key=sender.key)
    return "\n".join(answer.text for answer in sender.answers)


async def live(case: Case) -> None:
    """Run a life whose every public step names the reporter, as officials do."""
    person = "Bapak Kuncoroningrat Wirasasmita (kuncoroningrat@rumah.example, 0811-7654-3210)"
    await case.forward()
    await case.liaison("DPUPR", "ask", question=f"Untuk {person}: di mana?")
    await case.reporter("reply", text=f"Saya, {person}, di Rumbaicangkul.")
    await case.liaison("DPUPR", "follow_up", text=f"Sudah kami sampaikan kepada {person} di tempat.", final=True)
    await case.reporter("accept", rating=5)


@pytest.mark.parametrize("waiting", [False, True])
async def test_a_rahasia_report_is_neither_listed_nor_known(sender: Sender, waiting: bool) -> None:
    form = (
        FORM
        | PERSON
        | {
            "description": "Rumbaicangkul terjadi di sini",
            "address_string": "Gang Sembilanpuluh",
            "lat": "1.23456",
            "long": "104.98765",
            "attribute[rahasia]": "ya",
        }
    )
    posted = await sender.client.post("/open311/v2/requests.json", data=form | {"api_key": sender.key})
    token = posted.json()[0]["token"]
    number = token.partition("-")[0]
    if not waiting:
        await live(await sender.case(number))
    everything = await see_everything(sender, [number])
    for word in (*SECRET_WORDS, *DETAILS, token):
        assert word not in everything
    unknown = "9876543"
    for path in ("requests/{}.xml", "requests/{}.json", "tokens/{}.xml", "tokens/{}-AAAAAAAAAA.json"):
        known_answer, unknown_answer = [await sender.get(path.format(one)) for one in (number, unknown)]
        assert known_answer.status_code == unknown_answer.status_code == 404
        assert known_answer.text.replace(number, "") == unknown_answer.text.replace(unknown, "")
    listed = await sender.get("requests.json", service_request_id=f"{number},{unknown}")
    assert listed.json() == []

    # The holder of the token sees the status, but not the texts.
    (shown,) = (await sender.get(f"requests/{number}.json", token=token)).json()
    assert shown["service_request_id"] == number
    assert shown["status"] == ("open" if waiting else "closed")
    assert not any(word in str(shown) for word in (*SECRET_WORDS, *DETAILS))
    assert (await sender.get(f"requests/{unknown}.json", token=token)).status_code == 404


async def test_an_anonim_reporter_is_named_nowhere(sender: Sender) -> None:
    text = "Saya Kuncoroningrat Wirasasmita, hubungi 0811 7654 3210 atau kuncoroningrat@rumah.example. Lampu mati."
    number = await sender.submit(**PERSON, description=text, public_anonymity_required="TRUE")
    assert (await sender.get(f"requests/{number}.json")).status_code == 404
    await live(await sender.case(number))
    everything = await see_everything(sender, [number])
    assert "Lampu mati." in everything
    assert "Sudah kami sampaikan kepada" in everything
    for word in SECRET_WORDS:
        assert word.lower() not in everything.lower()


async def test_no_report_shows_an_address_or_number_of_anybody(sender: Sender) -> None:
    text = "Hubungi 0811-7654-3210 / kuncoroningrat@rumah.example di RT 05/02."
    number = await sender.submit(**PERSON, description=text)
    await live(await sender.case(number))
    everything = await see_everything(sender, [number])
    assert "di RT 05/02." in everything
    for word in ("rumah.example", "7654", "77123", "99887"):
        assert word not in everything


async def test_an_erased_report_is_unknown(sender: Sender) -> None:
    number = await sender.submit(description="Rumbaicangkul")
    case = await sender.case(number)
    await case.forward()
    await sender.office.complaints.pool.execute(
        "update complaint set title = null, body = null, place = null, latitude = null, longitude = null,"
        " occurred_on = null, area = null, erased_at = now() where tracking_id::text = $1",
        number,
    )
    assert (await sender.get(f"requests/{number}.xml")).status_code == 404
    assert "Rumbaicangkul" not in await see_everything(sender, [number])
