"""Checks that whoever an event names exists: as an account of that role, OPD and agency, or as an actor that needs no
account.

The rules let nobody act whose account is not in the table. A row written past the rules may still name an invented
official or an account that was deleted; that is found here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import asyncpg

from kawal.audit.proof.findings import FindingCollector
from kawal.audit.proof.verify_rows import History
from kawal.crypto.data_keys import KeyDestroyed
from kawal.crypto.master_keys import KeyUnavailable
from kawal.domain.names import EventKind, Role, workflow_id
from kawal.domain.process.decide import CLOCKWORK, UNREADABLE
from kawal.domain.process.imported_history import ACCOUNT as BEFORE_THE_IMPORT
from kawal.proof.chain import EVENT_FIELDS
from kawal.store.accounts import Accounts
from kawal.store.data_keys import DataKeyStore

_SEQ, _KIND, _FACTS = (EVENT_FIELDS.index(name) for name in ("seq", "kind", "facts"))
_ROLE, _ACCOUNT, _OPD = (EVENT_FIELDS.index(name) for name in ("actor_role", "actor_account", "actor_opd"))


class AccountCheck:
    """Checks a page of complaints at a time."""

    def __init__(self, conn: asyncpg.Connection, keys: DataKeyStore, report: FindingCollector) -> None:
        """Read through a connection whose transaction sees one state; `keys` derive reporters' pseudonyms."""
        self._conn = conn
        self._accounts = Accounts(conn, keys)
        self._report = report

    async def page(self, histories: Sequence[History]) -> None:
        """Find the events of these complaints whose account does not exist or could not have acted there."""
        named = {row[_ACCOUNT] for history in histories for row in history.rows}
        known = {row["id"]: row for row in await self._conn.fetch(_KNOWN, list(named))}
        agencies = dict(await self._conn.fetch(_AGENCIES, [history.tracking_id for history in histories]))
        for history in histories:
            reporter = await self._reporter(history.tracking_id)
            for row in history.rows:
                code = _fault(row, known.get(row[_ACCOUNT]), agencies.get(history.tracking_id), reporter)
                if code is not None:
                    self._report.found(code, f"{workflow_id(history.tracking_id)} {row[_SEQ]}", role=row[_ROLE])

    async def _reporter(self, tracking_id: str) -> str | None:
        """Return the pseudonym of a complaint's reporter; None where the look-up key is unavailable."""
        try:
            return (await self._accounts.reporter(workflow_id(tracking_id))).account
        except (KeyUnavailable, KeyDestroyed):
            self._report.not_compared(tracking_id)
            return None


def _fault(row: tuple[Any, ...], account: Any, agency: str | None, reporter: str | None) -> str | None:
    """Return the code of the finding about an event's actor; None where nothing is wrong."""
    role, name, kind = row[_ROLE], row[_ACCOUNT], row[_KIND]
    if name == BEFORE_THE_IMPORT and _is_imported(row):
        return None
    if role == Role.SYSTEM:
        return (
            None if name == CLOCKWORK.account or (name, kind) == (UNREADABLE, EventKind.REFUSED) else "account_unknown"
        )
    if role == Role.REPORTER:
        # Whoever files a report as its reporter has no pseudonym yet: it is derived from the report's number.
        return None if reporter in (None, name) or kind == EventKind.STARTED else "account_unknown"
    if account is None:
        return "account_unknown"
    # A refused attempt may have come from another agency.
    elsewhere = kind != EventKind.REFUSED and account["instansi"] not in (None, agency)
    return "account_differs" if elsewhere or (account["role"], account["opd"]) != (role, row[_OPD]) else None


def _is_imported(row: tuple[Any, ...]) -> bool:
    try:
        facts = json.loads(row[_FACTS])
    except ValueError:
        return False
    return isinstance(facts, dict) and facts.get("imported") is True


_KNOWN = "select id, role::text, opd::text, instansi::text from account where id = any ($1::text[])"
_AGENCIES = "select tracking_id::text, instansi::text from complaint where tracking_id::text = any ($1::text[])"
