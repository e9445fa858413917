"""The settings of this installation, read from the environment once and passed on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

import platformdirs
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

RATE = r"^[1-9][0-9]{0,8}/(second|minute|hour|day)$"
"""The format of a call rate."""


_MAILBOX = r"[^@\s+,=]+@[^@\s,=]+"
_CODE = r"[A-Za-z0-9_.-]{1,60}"
_ORIGIN = r"^https?://([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$"


class Settings(BaseModel):
    """One installation's settings; see `from_env` for the names of the variables."""

    model_config = ConfigDict(frozen=True)

    home: Path = Field(default_factory=lambda: Path(platformdirs.user_data_dir("kawal", appauthor=False)))
    """Where this installation's data is stored: database, engine, keys, logs."""
    cache: Path = Field(default_factory=lambda: Path(platformdirs.user_cache_dir("kawal", appauthor=False)))
    """Where built servers are stored, shared by all installations of this user."""
    database_url: str | None = None
    """An external PostgreSQL, as the application reaches it; None means the embedded one."""
    database_owner_url: str | None = Field(default=None, repr=False)
    """The same as its owner reaches it: for the schema, backup, restore and cleaning up; None: as the application does.
    """
    temporal_address: str | None = None
    """An external Temporal cluster (host:port); None means the embedded one. TLS and API key come from the SDK's own
    environment variables."""
    namespace: str = "kawal"
    task_queue: str = "kawal"
    retention_days: int = Field(default=30, ge=1)
    """How many days the engine keeps a closed history; must exceed the archiver's worst outage."""
    smtp_host: str | None = None
    """Mail server for notices; None means that notices stay in the outbox, marked not sent."""
    smtp_port: int = 587
    smtp_user: str | None = None
    smtp_password: str | None = Field(default=None, repr=False)
    smtp_from: str = "kawal@localhost"
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    http_host: str = "127.0.0.1"
    """The address on which the HTTP interface listens: loopback, until an operator puts it behind a proxy or opens it.
    """
    http_port: int = Field(default=8480, ge=0, le=65535)
    """0 means that `kawal up` serves no HTTP."""
    public_url: Annotated[
        str | None, BeforeValidator(lambda given: given.strip().removesuffix("/") if isinstance(given, str) else given)
    ] = Field(default=None, max_length=60, pattern=_ORIGIN)
    """The address by which the public reaches the HTTP interface: `https://lapor.example.org`, without a path.

    At most 60 characters, so that a link leaves room for words in an SMS.
    None: letters and messages name a report's number and access code and have no link.
    """
    http_public_rate: str = Field(default="60/minute", pattern=RATE)
    """How often one address may call without a token."""
    http_pages_rate: str = Field(default="1200/minute", pattern=RATE)
    """How often one address may open pages and send their forms: an office's shared address is many people's."""
    http_token_rate: str = Field(default="6000/minute", pattern=RATE)
    """How often a token may be used, and how often one address may call with tokens."""
    session_idle_minutes: int = Field(default=60, ge=5, le=1440)
    """After how many minutes without use an official must sign in again."""
    session_hours: int = Field(default=12, ge=1, le=72)
    """After how many hours an official must sign in again in any case: a working day."""
    mail_port: int = Field(default=0, ge=0, le=65535)
    """The loopback port on which the SMTP listener receives letters; 0 means no listener."""
    mail_address: str | None = Field(
        default=None, pattern=rf"^({_MAILBOX}|{_CODE}={_MAILBOX}(,\s*{_CODE}={_MAILBOX})*)$"
    )
    """The mailbox whose letters the listener accepts, and from which reporters are answered; None: any, and no answers.

    With several agencies each has its own: `KEPRI=lapor@kepri.example.org,BINTAN=lapor@bintan.example.org`.
    """
    seal_minutes: int = Field(default=15, ge=1, le=1440)
    """How often new records are sealed into the log, in minutes."""
    heads_to: str | None = Field(default=None, pattern=r"^[^@\s]+@[^@\s]+$")
    """The address to which each new head of the log is mailed; None: none."""
    lang: Literal["id", "en"] = "id"
    erasures: Path | None = None
    """The file of the list of erasures; None: within `home`. Best kept where it is not lost together with the database.
    """

    @property
    def erasure_list(self) -> Path:
        """The file of the list of erasures."""
        return self.erasures or self.home / "erasures" / "erasures.jsonl"

    @property
    def mailboxes(self) -> dict[str, str]:
        """The mailbox of each agency by its code, or that of the only one under the empty code."""
        named = [one.strip().rpartition("=") for one in (self.mail_address or "").split(",") if one.strip()]
        return {code.upper(): address for code, _, address in named}

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Self:
        """Read `KAWAL_*`, `DATABASE_URL`, `DATABASE_OWNER_URL`, `TEMPORAL_ADDRESS` and `TEMPORAL_NAMESPACE`.

        An empty value counts as unset.

        Raises pydantic's ValidationError, which names the field, when a value is malformed.
        """
        env = os.environ if environ is None else environ
        named = {field: env[variable] for field, variable in VARIABLES.items() if env.get(variable)}
        for field in ("home", "cache", "erasures"):
            if field in named:
                named[field] = str(Path(named[field]).expanduser().absolute())
        return cls.model_validate(named)


VARIABLES = {
    "home": "KAWAL_HOME",
    "cache": "KAWAL_CACHE",
    "database_url": "DATABASE_URL",
    "database_owner_url": "DATABASE_OWNER_URL",
    "temporal_address": "TEMPORAL_ADDRESS",
    "namespace": "TEMPORAL_NAMESPACE",
    "task_queue": "KAWAL_TASK_QUEUE",
    "retention_days": "KAWAL_RETENTION_DAYS",
    "smtp_host": "KAWAL_SMTP_HOST",
    "smtp_port": "KAWAL_SMTP_PORT",
    "smtp_user": "KAWAL_SMTP_USER",
    "smtp_password": "KAWAL_SMTP_PASSWORD",
    "smtp_from": "KAWAL_SMTP_FROM",
    "smtp_tls": "KAWAL_SMTP_TLS",
    "http_host": "KAWAL_HTTP_HOST",
    "http_port": "KAWAL_HTTP_PORT",
    "public_url": "KAWAL_PUBLIC_URL",
    "http_public_rate": "KAWAL_HTTP_PUBLIC_RATE",
    "http_pages_rate": "KAWAL_HTTP_PAGES_RATE",
    "http_token_rate": "KAWAL_HTTP_TOKEN_RATE",
    "session_idle_minutes": "KAWAL_SESSION_IDLE_MINUTES",
    "session_hours": "KAWAL_SESSION_HOURS",
    "mail_port": "KAWAL_MAIL_PORT",
    "mail_address": "KAWAL_MAIL_ADDRESS",
    "seal_minutes": "KAWAL_SEAL_MINUTES",
    "heads_to": "KAWAL_HEADS_TO",
    "lang": "KAWAL_LANG",
    "erasures": "KAWAL_ERASURES",
}
"""The environment variable of each setting."""
