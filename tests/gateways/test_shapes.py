"""Each provider's shape as its documentation shows it: requests, answers and delivery reports, as pure functions."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import UTC, datetime
from hashlib import sha1, sha256
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from kawal.gateways import meta, own, twilio, vonage
from kawal.gateways.outgoing import OutgoingGateway
from kawal.gateways.providers import answer_of, request_of
from kawal.gateways.shapes import DeliveryReport, OutgoingText, TemplateUse
from kawal.gateways.signing import is_signed

NOW = datetime(2026, 3, 9, 3, tzinfo=UTC)
SECRET = "rahasia-penyedia-0123456789"  # noqa: S105 - of these tests alone
REFERENCE = "0f" * 16
WORDS = OutgoingText(REFERENCE, "+6281200000001", "Laporan 2084921 sudah diterima.")
TEMPLATE = WORDS._replace(template=TemplateUse("kabar", "id", ("2084921", "sudah\nditerima")))
GATEWAYS: dict[str, dict[str, Any]] = {
    "kawal": {"channel": "sms", "url": "https://gateway.example/messages"},
    "twilio": {
        "channel": "whatsapp",
        "url": "https://api.twilio.com/2010-04-01/Accounts/AC0/Messages.json",
        "account": "AC0",
        "sender": "+6221500000",
        "receipts_url": "https://lapor.example/webhooks/twilio/receipts",
    },
    "meta": {"channel": "whatsapp", "url": "https://graph.facebook.com/v21.0/1234/messages"},
    "vonage": {
        "channel": "whatsapp",
        "url": "https://api.nexmo.com/v1/messages",
        "account": "abcd1234",
        "sender": "LAPOR",
        "receipt_secret": SECRET,
    },
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["entry", "changes", "value", "statuses", "errors", "code", "status", "error", "type", "title",
                         "biz_opaque_callback_data", "client_ref", "id"]), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


def gateway(shape: str, **changes: Any) -> OutgoingGateway:
    return OutgoingGateway.model_validate({"name": shape, "shape": shape, "secret": SECRET} | GATEWAYS[shape] | changes)


def asked(shape: str, message: OutgoingText, **changes: Any) -> tuple[dict[str, str], dict[str, Any]]:
    """Return the headers and the content of a request."""
    request = request_of(gateway(shape, **changes), message, NOW)
    assert request.url == GATEWAYS[shape]["url"]
    if shape == "twilio":
        return dict(request.headers), dict(parse_qsl(request.body.decode()))
    return dict(request.headers), json.loads(request.body)


def test_ones_own_program_gets_json_that_is_signed() -> None:
    headers, content = asked("kawal", WORDS)
    assert content == {"id": REFERENCE, "channel": "sms", "to": "+6281200000001", "text": WORDS.words}
    assert headers["Idempotency-Key"] == REFERENCE
    request = request_of(gateway("kawal"), WORDS, NOW)
    lower = {name.lower(): value for name, value in request.headers.items()}
    assert is_signed(SECRET, lower, request.body, NOW)
    assert not is_signed(SECRET, lower, request.body + b" ", NOW)
    assert not is_signed(SECRET, lower, request.body, NOW.replace(hour=4))
    _, content = asked("kawal", TEMPLATE)
    assert content["template"] == {"name": "kabar", "language": "id", "parameters": ["2084921", "sudah\nditerima"]}


def test_twilio_gets_a_form_whose_callback_bears_the_reference() -> None:
    headers, form = asked("twilio", WORDS)
    assert headers["Authorization"] == "Basic " + base64.b64encode(f"AC0:{SECRET}".encode()).decode()
    assert form == {
        "To": "whatsapp:+6281200000001",
        "From": "whatsapp:+6221500000",
        "Body": WORDS.words,
        "StatusCallback": f"https://lapor.example/webhooks/twilio/receipts?reference={REFERENCE}",
    }
    _, form = asked("twilio", TEMPLATE, sender="MG0", channel="sms")
    assert (form["MessagingServiceSid"], form["To"]) == ("MG0", "+6281200000001")
    assert (form["ContentSid"], json.loads(form["ContentVariables"])) == (
        "kabar",
        {"1": "2084921", "2": "sudah\nditerima"},
    )


def test_meta_gets_text_or_a_template_without_line_breaks() -> None:
    headers, content = asked("meta", WORDS)
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert content == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": "6281200000001",
        "biz_opaque_callback_data": REFERENCE,
        "type": "text",
        "text": {"preview_url": False, "body": WORDS.words},
    }
    _, content = asked("meta", TEMPLATE)
    parameters = [{"type": "text", "text": "2084921"}, {"type": "text", "text": "sudah diterima"}]
    assert content["template"] == {
        "name": "kabar",
        "language": {"code": "id"},
        "components": [{"type": "body", "parameters": parameters}],
    }


def test_vonage_gets_its_own_json() -> None:
    _, content = asked("vonage", WORDS, channel="sms")
    assert content == {
        "channel": "sms",
        "to": "6281200000001",
        "from": "LAPOR",
        "client_ref": REFERENCE,
        "message_type": "text",
        "text": WORDS.words,
        "sms": {"encoding_type": "auto"},
    }
    _, content = asked("vonage", TEMPLATE)
    assert content["template"] == {"name": "kabar", "parameters": ["2084921", "sudah\nditerima"]}
    assert content["whatsapp"] == {"policy": "deterministic", "locale": "id"}


@pytest.mark.parametrize(
    ("shape", "status", "content", "outcome", "code"),
    [
        ("kawal", 202, {}, "accepted", "202"),
        ("kawal", 422, {"code": "no_such_number"}, "refused", "422 no_such_number"),
        ("twilio", 201, {"sid": "SM0", "status": "queued"}, "accepted", "201"),
        ("twilio", 201, {"status": "failed", "error_code": 30007}, "refused", "30007"),
        ("twilio", 400, {"code": 21610, "message": "to +62…"}, "refused", "400 21610"),
        ("twilio", 429, {"code": 20429}, "postponed", "429 20429"),
        ("meta", 200, {"messages": [{"id": "wamid.x"}]}, "accepted", "200"),
        ("meta", 400, {"error": {"code": 131047}}, "refused", "400 131047"),
        ("meta", 400, {"error": {"code": 130429}}, "postponed", "400 130429"),
        ("meta", 401, {"error": {"code": 190}}, "postponed", "401 190"),
        ("meta", 400, {"error": {"code": [131047]}}, "refused", "400"),
        ("vonage", 202, {"message_uuid": "x"}, "accepted", "202"),
        ("vonage", 422, {"type": "https://developer.vonage.com/api-errors/messages#1150"}, "refused", "422 1150"),
        ("vonage", 402, {"type": "https://developer.vonage.com/api-errors/#low"}, "postponed", "402 low"),
        ("vonage", 503, None, "postponed", "503"),
    ],
)  # fmt: skip
def test_each_answer_is_read(shape: str, status: int, content: object, outcome: str, code: str) -> None:
    assert answer_of(gateway(shape), status, content) == (outcome, code)


@given(st.sampled_from(sorted(GATEWAYS)), st.integers(100, 599), JSON)
def test_whatever_is_answered_has_a_meaning_and_a_code_without_a_text(shape: str, status: int, content: Any) -> None:
    answer = answer_of(gateway(shape), status, content)
    assert (answer.outcome == "accepted") <= (200 <= status < 300)
    assert len(answer.code) <= 50
    assert answer.code.isascii()


@given(JSON)
def test_whatever_is_reported_is_read_or_passed_over(content: Any) -> None:
    for reports in (meta.reports_of({"entry": content}), meta.reports_of({"entry": [{"changes": content}]})):
        assert isinstance(reports, list)
    if isinstance(content, dict):
        assert own.reports_of(content) is not None
        assert vonage.reports_of(content) is not None


@pytest.mark.parametrize(
    ("status", "delivered"), [("sent", None), ("delivered", True), ("read", True), ("failed", False)]
)
def test_metas_statuses_are_found_among_its_posts(status: str, delivered: bool | None) -> None:
    ours = {"id": "wamid.x", "status": status, "biz_opaque_callback_data": REFERENCE, "errors": [{"code": 131026}]}
    post = {"entry": [{"changes": [{"value": {"statuses": [{"status": "read"}, ours]}}]}]}
    assert meta.reports_of(post) == [DeliveryReport(REFERENCE, delivered, "131026")]


def test_twilios_callback_is_signed_with_its_address() -> None:
    form = {"MessageSid": "SM0", "MessageStatus": "undelivered", "ErrorCode": "30003"}
    signed = (
        f"{GATEWAYS['twilio']['receipts_url']}?reference={REFERENCE}ErrorCode30003MessageSidSM0MessageStatusundelivered"
    )
    signature = base64.b64encode(hmac.digest(SECRET.encode(), signed.encode(), sha1)).decode()
    headers = {"x-twilio-signature": signature}
    assert twilio.reports_are_signed(gateway("twilio"), headers, form, REFERENCE)
    assert not twilio.reports_are_signed(gateway("twilio"), headers, form, "1e" * 16)
    assert not twilio.reports_are_signed(gateway("twilio"), headers, form | {"MessageStatus": "read"}, REFERENCE)
    assert twilio.reports_of(form, REFERENCE) == [DeliveryReport(REFERENCE, delivered=False, code="30003")]


def vonages_token(body: bytes, secret: str = SECRET, alg: str = "HS256", at: datetime = NOW) -> dict[str, str]:
    """Return the header by which Vonage signs a status."""
    claims = {"iat": int(at.timestamp()), "payload_hash": sha256(body).hexdigest(), "api_key": "abcd1234"}
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": alg}, claims)]
    signature = base64.urlsafe_b64encode(hmac.digest(secret.encode(), b".".join(parts), sha256)).rstrip(b"=")
    return {"authorization": "Bearer " + b".".join([*parts, signature]).decode()}


def test_vonages_status_is_signed_by_a_token_with_the_bodys_digest() -> None:
    body = json.dumps({"client_ref": REFERENCE, "status": "rejected", "error": {"title": "1240"}}).encode()
    one = gateway("vonage")
    assert vonage.reports_are_signed(one, vonages_token(body), body, NOW)
    assert not vonage.reports_are_signed(one, vonages_token(body), body + b" ", NOW)
    assert not vonage.reports_are_signed(one, vonages_token(body, alg="none"), body, NOW)
    assert not vonage.reports_are_signed(one, vonages_token(body, secret="x" * 16), body, NOW)
    assert not vonage.reports_are_signed(one, vonages_token(body, at=NOW.replace(hour=1)), body, NOW)
    assert not vonage.reports_are_signed(gateway("vonage", receipt_secret=None), vonages_token(body), body, NOW)
    assert vonage.reports_of(json.loads(body)) == [DeliveryReport(REFERENCE, delivered=False, code="1240")]


@given(st.text(max_size=80))
def test_no_text_is_taken_for_vonages_token(text: str) -> None:
    for said in (text, f"Bearer {text}", f"Bearer {text}.{text}.{text}"):
        assert not vonage.reports_are_signed(gateway("vonage"), {"authorization": said}, b"{}", NOW)


@pytest.mark.parametrize(
    ("shape", "changes"),
    [
        ("kawal", {"url": "http://gateway.example/messages"}),
        ("kawal", {"url": "ftp://127.0.0.1/"}),
        ("kawal", {"secret": "short"}),
        ("kawal", {"channel": "email"}),
        ("kawal", {"no_such": 1}),
        ("twilio", {"receipts_url": None}),
        ("vonage", {"account": None}),
        ("meta", {"template": [{"name": "t", "parameters": ["name"]}]}),
    ],
)
def test_a_gateway_that_could_not_work_or_tells_secrets_on_the_way_is_refused(
    shape: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        gateway(shape, **changes)
