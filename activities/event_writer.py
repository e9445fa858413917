"""Shared by all writing activities: a step's events, the read model and the notices, written in one transaction.

Idempotent by (workflow id, event number). Errors by type:

    Refused          forbidden by what the workflow cannot see (unknown OPD, category, main report); not retried
    LedgerConflict   events before these are missing in the record; not retried, nothing was written
    BadState         the database's constraints or types refuse it, a bug; noted (store.rejected_writes), logged and
                     shown by `kawal inbox` until the step is on record; not retried
    Erased           the complaint's key was destroyed; not retried
    (any other)      the database or the keys are unavailable; retried for ever (workflows.steps)
"""

from __future__ import annotations

import asyncpg
import structlog
from temporalio.exceptions import ApplicationError

from kawal.crypto.data_keys import KeyDestroyed
from kawal.domain.masking import masked
from kawal.domain.messages import Batch, Event, Reporter
from kawal.domain.notices import Follower, NoticeDraft, Recipient, notices_for
from kawal.domain.refusals import REFUSED, Refusal
from kawal.store.complaint_rows import ComplaintRows
from kawal.store.directory import Directory
from kawal.store.ledger import Ledger, LedgerConflict
from kawal.store.notices import Notice
from kawal.store.read_model import reporter_of
from kawal.store.rejected_writes import RejectedWrites

log = structlog.get_logger()


class EventWriter:
    """Writes batches; the activities of each step add what they must look up first."""

    def __init__(self, pool: asyncpg.Pool, ledger: Ledger, directory: Directory) -> None:
        """Write through `ledger`; look OPDs and categories up in `directory`, other reports through `pool`."""
        self._rows = ComplaintRows(pool)
        self._ledger = ledger
        self._directory = directory
        self._unrecorded = RejectedWrites(pool)

    async def write(self, batch: Batch) -> list[Event]:
        """Write the batch once, however often it is called.

        Return nothing; or, if other events have those numbers, return these and all that follow: the workflow then
        learns what an earlier attempt of its own had written before it was lost.
        """
        followers = await self._followers(batch)
        drafts = [draft for event in batch.events for draft in notices_for(event, batch.after, followers)]
        try:
            await self._mask(drafts, batch)
            await self._ledger.record(batch, [_row(draft, batch) for draft in drafts])
        except LedgerConflict as error:
            standing = await self._ledger.events(batch.after.tracking_id)
            ahead = standing[batch.events[0].seq - 1 :]
            if not ahead:
                raise ApplicationError(str(error), type="LedgerConflict", non_retryable=True) from error
            return ahead
        except KeyDestroyed as error:
            raise ApplicationError(str(error), type="Erased", non_retryable=True) from error
        except asyncpg.IntegrityConstraintViolationError as error:
            # The constraint's name only: the row that it refuses holds what people wrote.
            raise await self._bad_state(batch, error.constraint_name or error.sqlstate) from None
        except (asyncpg.DataError, asyncpg.ProgramLimitExceededError) as error:
            raise await self._bad_state(batch, error.sqlstate) from None
        return []

    async def refuse_unknown(self, batch: Batch) -> None:
        """Refuse OPD codes and categories that are not in the directory; an imported past repeats the same ones."""
        instansi, facts = batch.after.instansi, [event.facts for event in batch.events]
        codes = dict.fromkeys(code for one in facts for code in one.get("opds", []) if code != instansi)
        missing = await self._directory.missing_opds(instansi, list(codes)) if codes else []
        if missing:
            raise await self._unknown(batch, Refusal("unknown_opd", opd=", ".join(missing), instansi=instansi))
        for category in dict.fromkeys(one.get("category") for one in facts):
            if category is not None and not await self._directory.has_category(category):
                raise await self._unknown(batch, Refusal("unknown_category", category=category))

    async def _bad_state(self, batch: Batch, named: str | None) -> ApplicationError:
        """Note a step that the database refused where operators look, and report it to the workflow."""
        seq = batch.events[0].seq
        log.error("step_not_recorded", workflow_id=batch.workflow_id, seq=seq, refused_by=named)
        await self._unrecorded.note(batch.after.tracking_id, seq, f"bad_state:{named or 'unknown'}")
        return ApplicationError(f"refused by {named}", type="BadState", non_retryable=True)

    async def _unknown(self, batch: Batch, refusal: Refusal) -> ApplicationError:
        """Return the error for an unknown name: a command's sender is told; a start has no sender waiting, so it is
        retried, and noted like a bad state.
        """
        if batch.events[0].seq == 1:
            log.error("step_not_recorded", workflow_id=batch.workflow_id, seq=1, refused_by=refusal.code)
            await self._unrecorded.note(batch.after.tracking_id, 1, refusal.code)
        return as_error(refusal)

    async def _mask(self, drafts: list[NoticeDraft], batch: Batch) -> None:
        """Mask what is told to those who may not know the reporter: followers, and OPDs where the report is anonim."""
        of_others = [draft for draft in drafts if "text" in draft.body and _is_for_others(draft, batch)]
        if of_others:
            reporter = await self._reporter(batch)
            for draft in of_others:
                draft.body["text"] = masked(draft.body["text"], reporter)

    async def _reporter(self, batch: Batch) -> Reporter:
        first = batch.events[0]
        events = batch.events if first.seq == 1 else await self._ledger.events(batch.after.tracking_id)
        return reporter_of(events) if events else Reporter()

    async def _followers(self, batch: Batch) -> list[Follower]:
        if not batch.followers:
            return []
        # A report that was accepted as a follower and then not merged after all follows nobody.
        merged = await self._rows.merged_into(batch.after.tracking_id, batch.followers)
        return [Follower(tracking_id=tracking_id, rahasia=rahasia) for tracking_id, rahasia in merged]


def as_error(refusal: Refusal) -> ApplicationError:
    """Return a refusal as the error for the workflow, which tells the sender."""
    return ApplicationError(str(refusal.sentence), refusal.code, refusal.details, type=REFUSED, non_retryable=True)


def _is_for_others(draft: NoticeDraft, batch: Batch) -> bool:
    if draft.to is Recipient.REPORTER:
        return draft.tracking_id != batch.after.tracking_id
    return draft.to is Recipient.LIAISON and batch.after.anonim


def _row(draft: NoticeDraft, batch: Batch) -> Notice:
    return Notice(
        tracking_id=draft.tracking_id,
        workflow_id=batch.workflow_id,
        seq=draft.seq,
        n=draft.n,
        kind=draft.kind,
        to_role=str(draft.to),
        to_opd=draft.opd,
        body=draft.body | {"at": draft.at.isoformat()},
    )
