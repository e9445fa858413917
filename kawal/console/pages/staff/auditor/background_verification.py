"""The verification that this process has under way, and how the last one ended: at most one at a time."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from starlette.requests import Request

from kawal.audit.proof.findings import VerificationResult
from kawal.audit.proof.verification_process import UnusableFile, VerificationProgress, VerificationRequest, verify_apart
from kawal.base.unavailable import as_unavailable
from kawal.client.complaints import Complaints
from kawal.domain.access import Act
from kawal.domain.messages import Actor
from kawal.domain.msgids import Message, Sayable, msgid

LONGEST = timedelta(hours=12)
"""After which a verification is given up."""

_STOPPED = msgid("It was stopped. Nothing is known of what was not gone through.")
_TOO_LONG = msgid("It took too long and was given up.")
_BROKE = msgid("It ended before it had a result. Start it again; if that happens twice, tell whoever runs the machine.")
_UNUSABLE: dict[str, Message] = {
    "heads": msgid("The file of seals cannot be used: it holds no signed heads."),
    "keys": msgid("The file of keys cannot be used: it holds no public keys."),
}

log = structlog.get_logger()


@dataclass
class VerificationJob:
    """One verification: who asked for what, how far it is, and how it ended."""

    actor: Actor
    asked: VerificationRequest = field(repr=False)
    began_at: datetime
    progress: VerificationProgress = field(default_factory=VerificationProgress)
    ended_at: datetime | None = None
    """None while it runs."""
    result: VerificationResult | None = None
    fault: Sayable | None = None
    """Why there is no result."""

    def show(self, progress: VerificationProgress) -> None:
        """Take note of how far it is."""
        self.progress = progress


class Verifications:
    """Starts verifications in a process of their own and puts each on record that came to its end."""

    def __init__(self, complaints: Complaints) -> None:
        """Verify the record of a running system."""
        self._complaints = complaints
        self._task: asyncio.Task[None] | None = None
        self.newest: VerificationJob | None = None
        """The one under way, else the last one; None if there was none since this process began."""

    @property
    def running(self) -> bool:
        """Whether one is under way."""
        return self.newest is not None and self.newest.ended_at is None

    def start(self, actor: Actor, asked: VerificationRequest) -> bool:
        """Start one; return False while another is under way."""
        if self.running:
            return False
        self.newest = VerificationJob(actor, asked, self._complaints.now())
        self._task = asyncio.create_task(self._run(self.newest))
        return True

    async def stop(self) -> None:
        """End the one under way, if there is any."""
        if self._task is not None and self.running:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _run(self, job: VerificationJob) -> None:
        try:
            async with asyncio.timeout(LONGEST.total_seconds()):
                result = await verify_apart(job.asked, job.show)
            await self._put_on_record(job, result)
            job.result = result
        except asyncio.CancelledError:
            job.fault = _STOPPED
        except UnusableFile as unusable:
            job.fault = _UNUSABLE[unusable.which]
        except TimeoutError:
            job.fault = _TOO_LONG
        except Exception as error:
            away = as_unavailable(error)
            job.fault = _BROKE if away is None else away.sentence
            log.error("verification_failed", reason=type(error).__name__)
        finally:
            job.ended_at = self._complaints.now()

    async def _put_on_record(self, job: VerificationJob, result: VerificationResult) -> None:
        told = {"found": result.found, "log_size": result.log_size, "events": result.counted.get("event", 0)}
        authority, number = self._complaints.authority, job.asked.tracking_id
        await authority.done(job.actor, Act.VERIFY_RECORD, told, tracking_id=number)


def verifications_of(request: Request) -> Verifications:
    """Return the verifications of this process."""
    verifications: Verifications = request.app.state.verifications
    return verifications
