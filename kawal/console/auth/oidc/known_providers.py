"""The providers of this installation, and the address to which a browser comes back from one."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request

from kawal.base.settings import Settings
from kawal.console.auth.oidc.discovery import KnownProvider
from kawal.console.auth.oidc.providers import IdentityProvider, identity_providers_of
from kawal.console.auth.session_cookie import LOCAL, can_sign_in
from kawal.console.auth.signed_in import SIGN_IN
from kawal.domain.msgids import msgid
from kawal.web.problems import Problem

PATH = f"{SIGN_IN}/penyedia"

_NO_SUCH_PROVIDER = msgid("Nobody signs in here through this provider.")


class KnownProviders:
    """Every provider with what it published last; read once, when the process starts."""

    def __init__(self, home: Path) -> None:
        """Read which there are; raises SystemUnavailable for a file that cannot be read."""
        self._by_code = {code: KnownProvider(one) for code, one in identity_providers_of(home).items()}

    def all(self) -> list[IdentityProvider]:
        """Return them in the operator's order."""
        return [known.provider for known in self._by_code.values()]

    def find(self, code: str) -> KnownProvider | None:
        """Return the provider of a code."""
        return self._by_code.get(code)

    def name_of(self, issuer: str) -> str:
        """Return what people know an issuer by: its name, or the host of one that is no longer allowed."""
        named = (one.name for one in self.all() if one.issuer == issuer)
        return next(named, urlsplit(issuer).hostname or issuer)


def providers_of(request: Request) -> KnownProviders:
    """Return the providers of the installation that is asked."""
    known: KnownProviders = request.app.state.identity_providers
    return known


def offered_providers(request: Request) -> list[IdentityProvider]:
    """Return those through which one can sign in at this address."""
    return [] if own_origin(request) is None else providers_of(request).all()


def named_provider(request: Request) -> KnownProvider:
    """Return the provider that the path names; raises Problem 404."""
    known = providers_of(request).find(str(request.path_params["code"]))
    if known is None or own_origin(request) is None:
        raise Problem(404, "no_such_provider", _NO_SUCH_PROVIDER)
    return known


def address_back(request: Request, known: KnownProvider) -> str:
    """Return the address to which a provider sends people back: it knows this one, to the letter, and no other."""
    return f"{own_origin(request)}{PATH}/{known.provider.code}/kembali"


def own_origin(request: Request) -> str | None:
    """Return under which origin people come back; None where nobody can sign in.

    Without `KAWAL_PUBLIC_URL` only this machine's own names: what a request says of its host is no proof.
    """
    settings: Settings = request.app.state.settings
    address = str(request.app.state.public_address(request))
    local = urlsplit(address).hostname in LOCAL
    return address if can_sign_in(request) and (settings.public_url is not None or local) else None
