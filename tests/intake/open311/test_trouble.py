"""What a client sees during an outage, and when it calls too often."""

from __future__ import annotations

from kawal.api import create_app
from kawal.base.postgres import close_pool, open_pool
from kawal.client.complaints import Complaints
from kawal.intake.open311.router import BODY_LIMIT
from kawal.store.tokens import Tokens
from kawal.web.problems import MEDIA_TYPE
from tests.intake.http.conftest import client_of
from tests.intake.open311.conftest import FORM, POTHOLE, V2, Sender
from tests.intake.open311.test_geo_report import assert_error
from tests.intake.open311.test_updates import comment
from tests.workflows.life import Office


async def test_with_postgresql_away_every_method_says_when_to_come_back_and_nothing_was_accepted(
    office: Office, tokens: Tokens
) -> None:
    _, key = await tokens.create("fixmystreet", "open311", "KEPRI")
    connected = office.complaints.system
    pool = await open_pool(connected.endpoints.database_url, max_size=2)
    app = create_app(Complaints(connected.but(pool=pool)), office.complaints.settings)
    await close_pool(pool)
    async with client_of(app) as client:
        for path in ("services", f"services/{POTHOLE}", "requests", "requests/1234567", "servicerequestupdates"):
            response = await client.get(f"{V2}/{path}.xml")
            assert_error(response, 503)
            assert int(response.headers["retry-after"]) > 0
        for method, form in (("requests", FORM), ("servicerequestupdates", comment("1234567"))):
            response = await client.post(f"{V2}/{method}.json", data=form | {"api_key": key})
            assert "send it again" in assert_error(response, 503)
    assert await office.complaints.pool.fetchval("select count(*) from inbox") == 0


async def test_too_many_calls_are_told_when_to_come_back_but_learning_the_services_is_free(office: Office) -> None:
    settings = office.complaints.settings.model_copy(update={"http_public_rate": "3/minute"})
    async with client_of(create_app(office.complaints, settings)) as client:
        for _ in range(5):
            assert (await client.get(f"{V2}/services/{POTHOLE}.xml")).status_code == 200
        codes = [(await client.get(f"{V2}/requests.json")).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        response = await client.get(f"{V2}/requests.xml")
        assert_error(response, 429)
        assert 0 < int(response.headers["retry-after"]) <= 60


async def test_what_no_route_answers_is_in_the_standards_form_too(office: Office) -> None:
    async with client_of(create_app(office.complaints, office.complaints.settings)) as client:
        for ending in ("xml", "json"):
            refused = await client.delete(f"{V2}/requests.{ending}")
            assert_error(refused, 405)
            assert refused.headers["content-type"].startswith(
                f"{'application' if ending == 'json' else 'text'}/{ending}"
            )
            assert "GET" in refused.headers["allow"] or "POST" in refused.headers["allow"]
            large = await client.post(f"{V2}/requests.{ending}", content=b"x" * (BODY_LIMIT + 1))
            assert_error(large, 413)
        assert (await client.delete("/api/v1/reports")).headers["content-type"] == MEDIA_TYPE


async def test_a_key_that_is_guessed_at_is_slowed_down(sender: Sender, office: Office) -> None:
    settings = office.complaints.settings.model_copy(update={"http_public_rate": "3/minute"})
    async with client_of(create_app(office.complaints, settings)) as client:
        tries = [await client.post(f"{V2}/requests.xml", data=FORM | {"api_key": f"kawal_{n}"}) for n in range(5)]
        assert [one.status_code for one in tries] == [403, 403, 403, 429, 429]
        good = await client.post(f"{V2}/requests.xml", data=FORM | {"api_key": sender.key})
        assert good.status_code == 201
