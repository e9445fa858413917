"""The step archive: reports that end without a follow-up, and merging, which asks another complaint first."""

from __future__ import annotations

import asyncpg
from temporalio import activity
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.event_writer import EventWriter, as_error
from kawal.domain.messages import Answer, Batch, Command, Event
from kawal.domain.names import CommandName, workflow_id
from kawal.domain.process.commands import digest_of
from kawal.domain.refusals import REFUSED, SENTENCES, Refusal
from kawal.store.directory import Directory
from kawal.store.ledger import Ledger


class ArchiveStep(EventWriter):
    """Writes archive, pass_on, merge and the lapse of a hold; asks a main report to take a follower."""

    def __init__(self, pool: asyncpg.Pool, ledger: Ledger, directory: Directory, client: Client) -> None:
        """Reach the main report's workflow through `client`."""
        super().__init__(pool, ledger, directory)
        self._client = client

    @activity.defn(name="archive")
    async def archive(self, batch: Batch) -> list[Event]:
        """Write the step; see EventWriter.write."""
        return await self.write(batch)

    @activity.defn(name="join_main")
    async def join_main(self, main: str, request: Command) -> None:
        """Have the main report's workflow accept a follower; the same request again is accepted again.

        Refused (not retried): the main report is unknown, of another agency, final, being merged or received later.
        """
        await self._refuse_foreign_main(main, str(request.arguments["instansi"]))
        try:
            await self._client.get_workflow_handle(workflow_id(main)).execute_update(
                CommandName.ATTACH, request, id=digest_of(request), result_type=Answer
            )
        except WorkflowUpdateFailedError as error:
            raise _main_refuses(error) from error
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise as_error(Refusal("main_final")) from error
            raise

    async def _refuse_foreign_main(self, main: str, instansi: str) -> None:
        found = await self._rows.agency_of(main)
        if found is None:
            raise as_error(Refusal("main_unknown", main=main))
        if found != instansi:
            raise as_error(Refusal("main_other_instansi", main=main))


def _main_refuses(error: WorkflowUpdateFailedError) -> Exception:
    cause = error.cause
    if not isinstance(cause, ApplicationError) or cause.type != REFUSED or not cause.details:
        return error
    code, details = cause.details[0], cause.details[1]
    if code == "wrong_status" or code not in SENTENCES:
        return as_error(Refusal("main_final"))
    return as_error(Refusal(code, **details))
