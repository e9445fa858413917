"""The arguments of the desks' commands about one's own work: mentions, saved views."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from kawal.desks.arguments import AccessNumber, DeskArguments, Number
from kawal.domain.process.commands import Tracking, printable
from kawal.domain.saved_views import LONGEST_ADDRESS, LONGEST_NAME

ViewName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_NAME),
    AfterValidator(printable),
]


class MentionRead(DeskArguments):
    """Of which report's note the mention is noted as read."""

    tracking_id: Tracking
    note: Number


class SaveView(DeskArguments):
    """A list as it is shown at an address of its page, and under which name it is saved."""

    name: ViewName
    address: Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS)]


class RenameView(AccessNumber):
    """A view's new name."""

    name: ViewName


class MoveView(AccessNumber):
    """Which view changes places with the one before it, or the one after it."""

    down: bool = False


class ShareView(AccessNumber):
    """Which view everybody in the role in the agency is shown; with `end` no longer."""

    end: bool = False
