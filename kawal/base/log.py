"""The log of modules that a reading command needs: structlog takes longer to import than the reading itself."""

from __future__ import annotations

from typing import Any


class _Log:
    """Speaks through structlog, imported at the first line; mostly there is none."""

    def __getattr__(self, level: str) -> Any:
        import structlog

        return getattr(structlog.get_logger(), level)


log = _Log()
