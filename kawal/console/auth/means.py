"""How a person comes to sign in: by a new passkey, or a new password with one-time codes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from markupsafe import Markup
from starlette.requests import Request

from kawal.client.complaints import Complaints
from kawal.console.auth.one_time_codes import picture_of, secret_text, step_of
from kawal.console.auth.passkey_ceremony import CeremonyPurpose, NewPasskey, PasskeyCeremony, relying_party
from kawal.console.auth.password_check import LONGEST, PasswordCheck
from kawal.domain.msgids import Sayable, msgid
from kawal.record import Record
from kawal.store.people import Person

PASSKEY_NAME_LIMIT = 60

_NO_PASSKEY = msgid("The passkey was not accepted. Open the page again and try once more.")
_WRONG_CODE = msgid("This is not the app's present code. Scan the picture again, wait for a new code, and type that.")
ALREADY_KNOWN = msgid("This device's passkey is known already.")


class NewPassword(NamedTuple):
    """A password that was accepted, as its hash, with the secret of its codes."""

    password_hash: str
    secret: str
    step: int


class MeansOffer(NamedTuple):
    """What a page shows to somebody who sets up how to sign in."""

    passkey: str | None
    """What the browser is asked, as JSON; None where there can be no passkeys."""
    secret: str
    picture: Markup


class MeansSetup:
    """Sets up means of signing in for one person, in one browser."""

    def __init__(self, request: Request, browser: str, handle: bytes) -> None:
        """Bind challenges to what only this browser holds, the codes' secret also to whom passkeys know by `handle`."""
        complaints: Complaints = request.app.state.complaints
        self._record: Record = complaints.record
        self._check: PasswordCheck = request.app.state.password_check
        self._party = relying_party(request)
        self._browser = browser
        self._handle = handle

    async def offer(self, login: str, name: str, person: str | None) -> MeansOffer:
        """Return what to show; nothing is written."""
        ceremony = self._ceremony()
        known = [] if person is None else await self._record.passkeys.of(person)
        asked = None if ceremony is None else await ceremony.options_to_add(self._handle, login, name, known)
        secret = await self._secret()
        return MeansOffer(asked, secret, picture_of(secret, login))

    async def passkey(self, form: Mapping[str, Any]) -> NewPasskey | Sayable:
        """Return the passkey that a form brings, or what is wrong."""
        ceremony = self._ceremony()
        made = None if ceremony is None else await ceremony.added(str(form.get("jawaban", "")))
        return _NO_PASSKEY if made is None else made

    async def password(self, form: Mapping[str, Any], about: tuple[str, ...]) -> NewPassword | Sayable:
        """Return the password that a form brings, its code tried; or what is wrong."""
        typed, secret = str(form.get("sandi", ""))[: LONGEST + 1], await self._secret()
        weak = await self._check.weakness_of(typed, about)
        if weak is not None:
            return weak
        step = step_of(secret, str(form.get("kode", ""))[:20], -1)
        if step is None:
            return _WRONG_CODE
        return NewPassword(await self._check.hash_of(typed), secret, step)

    async def is_anothers(self, made: NewPasskey, person: str | None) -> bool:
        """Tell whether a passkey is another person's already."""
        known = await self._record.passkeys.find(made.credential_id)
        return known is not None and known.person != person

    async def keep_passkey(self, person: Person, made: NewPasskey, name: str) -> Sayable | None:
        """Let a person sign in with a passkey; return what is wrong."""
        called = " ".join(name.split())[:PASSKEY_NAME_LIMIT] or "–"
        kept = await self._record.passkeys.add(person.id, made.credential_id, made.public_key, made.sign_count, called)
        return None if kept else ALREADY_KNOWN

    async def keep_password(self, person: Person, made: NewPassword) -> None:
        """Let a person sign in with a password and codes."""
        await self._record.passwords.set(person.id, made.password_hash, made.secret, made.step)

    def _ceremony(self) -> PasskeyCeremony | None:
        if self._party is None:
            return None
        return PasskeyCeremony(self._record.passkeys, self._party, self._browser, CeremonyPurpose.ADD)

    async def _secret(self) -> str:
        """Return the codes' secret that this browser shows this person: the same until one is set."""
        return secret_text(await self._record.passwords.setup_secret(self._browser, self._handle))
