"""The pages as a browser without scripts sees them: on a running Kawal, with forms read from the page and sent back."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.console.pages.browser import Browser
from tests.intake.http.conftest import app, client_of

__all__ = ["app"]


@pytest.fixture
async def browser(app: object) -> AsyncIterator[Browser]:
    """Yield a browser without cookies."""
    async with client_of(app) as client:  # type: ignore[arg-type]
        yield Browser(client)
