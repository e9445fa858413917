"""The mailboxes whose letters are fetched by IMAP: where they are, how to log in, and whose they are.

They are configured in `<home>/mailboxes.toml`, which only its owner may read (docs/intake-mail.md).
"""

from __future__ import annotations

import ipaddress
import tomllib
from collections import Counter
from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, FilePath, ValidationError, model_validator

from kawal.base.errors import SystemUnavailable
from kawal.base.private_files import is_there
from kawal.domain.msgids import msgid, sentence

FILE = "mailboxes.toml"

_PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
_ADDRESS = r"^[^@\s+,<>\"]+@[^@\s,<>\"]+$"


class Tls(StrEnum):
    """How the way to the server is encrypted; NONE only on this machine itself."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


_PORTS = {Tls.IMPLICIT: 993, Tls.STARTTLS: 143, Tls.NONE: 143}


class Mailbox(BaseModel):
    """One mailbox; `name` stands for it in the log."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    address: str = Field(pattern=_ADDRESS, max_length=254)
    """The address to which people write; its letters may carry anything after a plus."""
    instansi: str | None = None
    """The agency whose letters these are; None where there is only one."""
    host: str = Field(pattern=r"^[^\s/@]+$")
    port: int = Field(default=0, ge=0, le=65535)
    """0 means the usual one."""
    tls: Tls = Tls.IMPLICIT
    ca: FilePath | None = None
    """A file with the certificates that vouch for the server; None means the system's."""
    user: str = Field(pattern=_PRINTABLE, repr=False)
    password: str = Field(pattern=_PRINTABLE, repr=False)
    since: date
    """Letters that the server received before this day are never taken."""
    folder: str = Field(default="INBOX", pattern=_PRINTABLE)
    taken_folder: str | None = Field(default=None, pattern=_PRINTABLE)
    refused_folder: str | None = Field(default=None, pattern=_PRINTABLE)

    @property
    def port_used(self) -> int:
        """The port to connect to."""
        return self.port or _PORTS[self.tls]

    @property
    def is_local(self) -> bool:
        """Whether the server is on this machine by the host's name or number; no name is looked up."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host.casefold() == "localhost"

    @model_validator(mode="after")
    def _folders_differ(self) -> Self:
        if self.folder in (self.taken_folder, self.refused_folder):
            raise ValueError("letters cannot be moved to the folder from which they are taken")
        return self


def mailboxes_of(home: Path) -> list[Mailbox]:
    """Return the mailboxes of an installation; none where there is no file.

    Raises SystemUnavailable for a bad one.
    """
    file = home / FILE
    if not is_there(file):
        return []
    try:
        found = [Mailbox.model_validate(one) for one in _listed(tomllib.loads(file.read_text(encoding="utf-8")))]
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError, TypeError) as error:
        # The error's own text could repeat a secret.
        raise SystemUnavailable(
            sentence(
                msgid("{file} cannot be read ({kind}); see docs/intake-mail.md."), file=file, kind=_kind_of(error)
            ),
        ) from None
    _refuse_plaintext(file, found)
    _refuse_repeated(file, found)
    return found


def _listed(said: dict[str, Any]) -> list[Any]:
    """Return the tables named mailbox; raises TypeError for a file that has anything else."""
    listed = said.pop("mailbox", [])
    if said or not isinstance(listed, list):
        raise TypeError
    return listed


def _kind_of(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return type(error).__name__
    # Names of our own fields alone: what else stands there may be a password on the wrong side of its "=".
    fields = {str(part) for one in error.errors(include_input=False) for part in one["loc"][:1]}
    return ", ".join(sorted(fields & set(Mailbox.model_fields))) or type(error).__name__


def _refuse_plaintext(file: Path, mailboxes: Sequence[Mailbox]) -> None:
    for one in mailboxes:
        if one.tls is Tls.NONE and not one.is_local:
            raise SystemUnavailable(
                sentence(
                    msgid('{file}: mailbox {name} is on another machine, so its tls must be "implicit" or "starttls".'),
                    file=file,
                    name=one.name,
                ),
            )


def _refuse_repeated(file: Path, mailboxes: Sequence[Mailbox]) -> None:
    said = [word for one in mailboxes for word in (one.name, one.address.casefold())]
    repeated = [word for word, times in Counter(said).items() if times > 1]
    if repeated:
        raise SystemUnavailable(
            sentence(msgid("{file}: {name} stands there twice; once is enough."), file=file, name=repeated[0]),
        )
