"""What is asked of an identity provider, and what is believed of its answers: false, silent and changing ones."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from joserfc.jwk import ECKey

from kawal.base.errors import SystemUnavailable
from kawal.console.auth.oidc.connection import ANSWER_LIMIT, ProviderAway, connected_to
from kawal.console.auth.oidc.discovery import KEYS_AGAIN_AFTER, WELL_KNOWN, KnownProvider
from kawal.console.auth.oidc.providers import FILE, IdentityProvider, RoleRule, identity_providers_of
from kawal.console.auth.oidc.role_rules import allowed_roles
from kawal.domain.messages import Actor
from kawal.domain.names import Role
from kawal.store.people import HeldRole

Answer = Callable[[str, str], bytes]
"""What a false provider answers, given its own address and what it is asked for."""


@asynccontextmanager
async def answering(answer: Answer) -> AsyncIterator[str]:
    """Serve a false provider; one that answers nothing keeps the connection."""

    async def handled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        writer.write(answer(where, asked.decode().split()[1]) or await reader.read())
        writer.close()

    server = await asyncio.start_server(handled, "127.0.0.1", 0)
    where = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield where


def _said(content: str) -> bytes:
    return f"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{content}".encode()


def _document(where: str, **changed: str) -> bytes:
    paths = {"authorization_endpoint": "/a", "token_endpoint": "/t", "jwks_uri": "/k"}
    return _said(json.dumps({"issuer": where, **{name: where + path for name, path in paths.items()}, **changed}))


FALSE: dict[str, Answer] = {
    "leads to another host": lambda where, _: _document(where, token_endpoint="http://127.0.0.1:5432/"),
    "leads out of loopback": lambda where, _: _document(where, jwks_uri="http://169.254.169.254/latest"),
    "leads to a file": lambda where, _: _document(where, authorization_endpoint="file:///etc/passwd"),
    "calls itself otherwise": lambda where, _: _document(where, issuer="https://evil.example"),
    "redirects": lambda where, _: f"HTTP/1.1 302 Found\r\nLocation: {where}/b\r\nContent-Length: 0\r\n\r\n".encode(),
    "says no end of it": lambda *_: _said(" " * (ANSWER_LIMIT + 1)),
    "is no provider": lambda *_: _said("<html>"),
    "nests without end": lambda *_: _said("[" * 100_000),
    "hangs up": lambda *_: b"HTTP",
}


def _provider(where: str) -> IdentityProvider:
    return IdentityProvider(code="sso", name="SSO", issuer=where, client_id="kawal")


@pytest.mark.parametrize("what", FALSE)
async def test_a_false_provider_is_taken_for_none(what: str) -> None:
    async with answering(FALSE[what]) as where, connected_to(_provider(where)) as connection:
        with pytest.raises(ProviderAway):
            await KnownProvider(_provider(where)).metadata(connection)


async def test_a_provider_that_does_not_answer_is_given_up_in_time() -> None:
    async with answering(lambda *_: b"") as where:
        with pytest.raises(ProviderAway, match="too_slow"):
            async with connected_to(_provider(where), 0.1) as connection:
                await KnownProvider(_provider(where)).metadata(connection)


async def test_what_a_provider_publishes_is_kept_and_its_keys_are_read_again_for_a_new_name_once_a_minute() -> None:
    keys = {name: ECKey.generate_key("P-256", {"kid": name}, private=False).as_dict() for name in ("old", "new")}
    published, asked, now = ["old"], list[str](), [0.0]

    def answer(where: str, path: str) -> bytes:
        asked.append(path)
        return _said(json.dumps({"keys": [keys[name] for name in published]})) if path == "/k" else _document(where)

    async with answering(answer) as where:
        known = KnownProvider(_provider(where), lambda: now[0])

        async def found(name: str) -> bool:
            async with connected_to(known.provider) as connection:
                return await known.key(connection, name) is not None

        assert await found("old")
        published[:] = ["new"]
        now[0] = KEYS_AGAIN_AFTER - 1
        assert not await found("new")
        now[0] = KEYS_AGAIN_AFTER
        assert await found("new")
        assert not await found("old")
    assert asked == [WELL_KNOWN, "/k", "/k"]


def test_a_rule_reads_a_claim_by_its_name_or_by_the_way_to_it() -> None:
    actor = Actor(role=Role.LIAISON, account="a", opd="DISHUB", instansi="KEPRI")
    held = [HeldRole(id="r1", actor=actor, until=None)]
    rule = RoleRule(claim="realm_access.roles", value="loket", role=Role.LIAISON, agency="KEPRI")
    for claims in ({"realm_access": {"roles": ["x", "loket"]}}, {"realm_access.roles": "loket"}):
        assert allowed_roles([rule], claims, held) == frozenset({"r1"})
    for others in ({}, {"realm_access": "loket"}, {"realm_access": {"roles": [["loket"], 3, None]}}):
        assert allowed_roles([rule], others, held) == frozenset()
    assert allowed_roles([rule.model_copy(update={"opd": "DPUPR"})], claims, held) == frozenset()
    assert allowed_roles([], {}, held) is None


def test_a_secret_comes_from_the_file_or_the_environment_and_an_issuer_is_reached_by_https(tmp_path: Path) -> None:
    file = tmp_path / FILE
    whole = '[[provider]]\ncode = "a-b"\nname = "SSO"\nissuer = "https://sso.example"\nclient_id = "kawal"\n'
    file.write_text(whole)
    file.chmod(0o600)
    found = identity_providers_of(tmp_path, {"KAWAL_IDENTITY_SECRET_A_B": "sixteen-or-more-of-it"})["a-b"]
    assert str(found.secret).startswith("sixteen")
    assert "sixteen" not in repr(found)
    own = ("https://sso.example/x", "https://sso.example:443/x", "https://u@sso.example/x", "https://evil.example/x")
    assert [found.is_own(one) for one in own] == [True, False, False, False]
    for bad in (whole.replace("https:", "http:"), whole.replace('"a-b"', '"../x"'), whole + 'mfa = "x"\n'):
        file.write_text(bad)
        with pytest.raises(SystemUnavailable, match=r"identity-providers\.toml"):
            identity_providers_of(tmp_path)
