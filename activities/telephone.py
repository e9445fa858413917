"""Notices to reporters who have a telephone only: their short form, put among the messages that leave by a gateway."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date

import asyncpg

from kawal.domain.contacts import phone_number
from kawal.domain.message_rules import fits_sms, fits_whatsapp
from kawal.domain.names import Channel
from kawal.gateways.choice import ways_of
from kawal.gateways.outgoing import OutgoingGateway
from kawal.store.access_codes import AccessCodes
from kawal.store.data_keys import DataKeyStore
from kawal.store.inbox import WaitingReport
from kawal.store.notices import Notice
from kawal.store.outgoing_messages import OutgoingMessages
from kawal.wording.dates import show_long_day
from kawal.wording.link_letters import link_message
from kawal.wording.links import ReportAccess, report_link
from kawal.wording.short_messages import short_message

ANSWERED_AT_ONCE = frozenset({Channel.SMS, Channel.WHATSAPP})
"""Channels by which a report is acknowledged in the answer to its message."""

ReportLinks = Callable[[str], Awaitable[str | None]]
"""A function that returns a report's own link for its reporter; None where there is none."""


def links_of(codes: AccessCodes, public_url: str | None) -> ReportLinks | None:
    """Return the function that returns reports' links by their present codes; None without a public address."""
    if public_url is None:
        return None

    async def link_of(tracking_id: str) -> str:
        return report_link(public_url, tracking_id, await codes.secret(tracking_id))

    return link_of


class TelephoneNotices:
    """Puts notices among the messages."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        keys: DataKeyStore,
        gateways: Sequence[OutgoingGateway],
        lang: str = "id",
        links: ReportLinks | None = None,
    ) -> None:
        """Write in a language ("id" or "en"), with the link that `links` gives."""
        self._messages = OutgoingMessages(pool, keys)
        self._gateways = gateways
        self._lang = lang
        self._links = links

    async def put_link(self, request_id: int, access: ReportAccess, to: WaitingReport, *, changed: bool) -> str | None:
        """Put the message with a report's link, asked for just now; return why that cannot be done, None if it was."""
        report = to.report
        number = phone_number(report.reporter.phone or "")
        if number is None:
            return "bad_number"
        if not ways_of(self._gateways, to.instansi, report.channel):
            return "no_gateway"
        await self._messages.put(
            None,
            to=number,
            kind="link",
            words=link_message(access, self._lang, changed=changed),
            tracking_id=access.tracking_id,
            answers=True,
            once=f"link {request_id}",
            parameters={"number": access.tracking_id} | ({} if access.link is None else {"link": access.link}),
            channel=report.channel,
            instansi=to.instansi,
        )
        return None

    async def put(
        self,
        notice_id: int,
        notice: Notice,
        phone: str,
        channel: Channel | None,
        instansi: str,
        names: Mapping[str, str],
    ) -> str | None:
        """Put a notice's message; return why that cannot be done, None if it was put."""
        number = phone_number(phone)
        if number is None:
            return "bad_number"
        ways = ways_of(self._gateways, instansi, channel)
        if not ways:
            return "no_gateway"
        link = None if self._links is None else await self._links(notice.tracking_id)
        words = short_message(
            notice.kind,
            notice.tracking_id,
            notice.body,
            self._lang,
            names,
            fits=fits_sms if any(way.channel is Channel.SMS for way in ways) else fits_whatsapp,
            agency=names.get(instansi),
            link=link,
            answered=all(way.answered for way in ways),
        )
        await self._messages.put_notice(
            notice_id,
            to=number,
            kind=notice.kind,
            words=words,
            tracking_id=notice.tracking_id,
            parameters=self._parameters(notice, link),
            channel=channel,
            instansi=instansi,
        )
        return None

    def _parameters(self, notice: Notice, link: str | None) -> dict[str, str]:
        """Return what a template may need besides the words."""
        by = notice.body.get("deadline")
        day = {} if not by else {"by": show_long_day(date.fromisoformat(str(by)), self._lang)}
        return {"number": notice.tracking_id} | day | ({} if link is None else {"link": link})
