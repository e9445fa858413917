"""Whether whoever an event names exists: an account of that role, OPD and agency, or who has none and may stand there.

The rules let nobody act whose account is not in the table, but what reaches the record past the rules need not ask
them: an official who was invented, or an account that was deleted, is named here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import asyncpg

from kawal.audit.proof.findings import Reporting
from kawal.audit.proof.verify_rows import History
from kawal.crypto.keyring import KeyUnavailable
from kawal.crypto.keys import KeyDestroyed
from kawal.domain.names import EventKind, Role, workflow_id
from kawal.domain.process.decide import CLOCKWORK, UNREADABLE
from kawal.domain.process.imported import ACCOUNT as BEFORE_THE_IMPORT
from kawal.proof.chain import EVENT_FIELDS
from kawal.store.accounts import Accounts
from kawal.store.data_keys import KeyStore

_SEQ, _KIND, _FACTS = (EVENT_FIELDS.index(name) for name in ("seq", "kind", "facts"))
_ROLE, _ACCOUNT, _OPD = (EVENT_FIELDS.index(name) for name in ("actor_role", "actor_account", "actor_opd"))


class AccountCheck:
    """Looks up a page of complaints at a time."""

    def __init__(self, conn: asyncpg.Connection, keys: KeyStore, report: Reporting) -> None:
        """Read through a connection whose transaction sees one state; `keys` give reporters' pseudonyms."""
        self._conn = conn
        self._accounts = Accounts(conn, keys)
        self._report = report

    async def page(self, histories: Sequence[History]) -> None:
        """Find the events of these complaints whose account does not exist, or is not one that could act there."""
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
        """The pseudonym under which a complaint's reporter acts; None where the look-up key is away."""
        try:
            return (await self._accounts.reporter(workflow_id(tracking_id))).account
        except (KeyUnavailable, KeyDestroyed):
            self._report.not_compared(tracking_id)
            return None


def _fault(row: tuple[Any, ...], account: Any, agency: str | None, reporter: str | None) -> str | None:
    """What is wrong with whom an event names: a finding's code, None for nothing."""
    role, name, kind = row[_ROLE], row[_ACCOUNT], row[_KIND]
    if name == BEFORE_THE_IMPORT and _is_imported(row):
        return None
    if role == Role.SYSTEM:
        return (
            None if name == CLOCKWORK.account or (name, kind) == (UNREADABLE, EventKind.REFUSED) else "account_unknown"
        )
    if role == Role.REPORTER:
        # Who files a report as its reporter has no pseudonym yet: that is made from the report's number.
        return None if reporter in (None, name) or kind == EventKind.STARTED else "account_unknown"
    if account is None:
        return "account_unknown"
    # Whoever is refused may have tried it from another agency.
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
