"""The step seal: adds what is new on record to the log under a signed head, and publishes the head."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.mail import MailSettings
from activities.publish import publish_files, publish_letter
from activities.unavailable import application_errors
from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.sealing import SealResult
from kawal.store.data_keys import DataKeyStore
from kawal.store.sealing import Sealer, SealingWaits
from kawal.store.signing_keys import SigningKeys
from kawal.system import System

log = structlog.get_logger()


class SealStep:
    """The activity `seal`."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        keys: DataKeyStore,
        folder: Path,
        *,
        mail: MailSettings | None = None,
        recipient: str | None = None,
        lang: str = "id",
    ) -> None:
        """Seal the record of `pool`; publish heads in `folder`, and to `recipient` by `mail` where both are set."""
        self._pool = pool
        self._signing = SigningKeys(pool, keys)
        self._sealer = Sealer(pool, self._signing)
        self._folder = folder
        self._mail = mail
        self._recipient = recipient
        self._lang = lang

    @activity.defn(name="seal")
    async def seal(self) -> SealResult:
        """Seal and publish; a repeated call seals and publishes only what is new since.

        Errors (all retryable): DatabaseUnavailable, KeyUnavailable, SealingWaits, CannotPublish.
        """
        with application_errors():
            sealed = await self._sealed()
        if sealed.heads:
            log.info("sealed", heads=sealed.heads, size=sealed.size, published=sealed.published)
        return sealed

    async def _sealed(self) -> SealResult:
        try:
            return await self.seal_now()
        except KeyDestroyed as error:
            raise ApplicationError("the system key was destroyed", type="KeyUnavailable") from error
        except SealingWaits as error:
            raise ApplicationError(str(error), type="SealingWaits") from error
        except OSError as error:
            if isinstance(error, (ConnectionError, TimeoutError)):
                raise  # the database's, or a mail server's
            raise ApplicationError(f"publishing: {error.strerror}", type="CannotPublish") from error

    async def seal_now(self) -> SealResult:
        """Seal and publish; raises the original errors."""
        heads = await self._sealer.seal()
        published = await publish_files(self._pool, self._signing, self._folder)
        mailed = await publish_letter(self._pool, self._mail, self._recipient, self._lang)
        return SealResult(
            heads=len(heads),
            size=heads[-1].size if heads else None,
            published=published,
            mailed=mailed is not None,
        )


def seal_step(system: System) -> SealStep:
    """Return the step that seals a system's record and publishes the heads according to its settings."""
    settings = system.settings
    return SealStep(
        system.pool,
        system.keys,
        settings.home / "published",
        mail=MailSettings.of(settings),
        recipient=settings.heads_to,
        lang=settings.lang,
    )
