"""The channels that the operator configures in the home: the webhook of messages is served, mailboxes are told of."""

from __future__ import annotations

from fastapi import FastAPI

from kawal.base.settings import Settings
from kawal.client.complaints import Complaints
from kawal.intake.mail.mailboxes import mailboxes_of
from kawal.intake.messages import routes as messages


def mount(app: FastAPI, complaints: Complaints, settings: Settings) -> None:
    """Mount the webhook, after the attachments, and name the mailboxes; raises SystemUnavailable for a bad file."""
    app.state.mailboxes = mailboxes_of(settings.home)
    messages.mount(app, complaints, settings)
