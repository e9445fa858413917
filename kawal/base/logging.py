"""Logging: one line per event on standard error, from structlog and the standard library alike, safe under replay.

Workflow code logs through `workflow.logger`, which is silent on replay; the SDK's record of the workflow that logs is
turned into fields of the line. JSON when not on a terminal, colours on one. Errors are logged without rows
(base.error_redaction).
"""

from __future__ import annotations

import logging
import sys
from typing import TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor, WrappedLogger
from temporalio import activity, workflow

from kawal.base.error_redaction import traceback_of

_LIFTED = ("temporal_workflow", "temporal_activity", "temporal_nexus_operation")
_KEPT = frozenset({"workflow_id", "run_id", "workflow_type", "activity_type", "attempt", "task_queue"})


def configure_logging(*, level: int = logging.INFO, stream: TextIO | None = None, json: bool | None = None) -> None:
    """Send every log line of this process to `stream` (default standard error); `json` None means JSON unless on a
    terminal."""
    out = sys.stderr if stream is None else stream
    as_json = not out.isatty() if json is None else json
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder(), lift_temporal],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(_without_rows),
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("httpcore", "httpx", "temporalio", "uvicorn"):
        logging.getLogger(chatty).setLevel(max(level, logging.WARNING))
    # The same facts are already in fields; repeating them in the text would only make lines longer.
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(ignore_frame_names=["kawal.base.log"]),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _without_rows(exc_info: ExcInfo) -> str:
    """Describe an error without the row or value that it was about."""
    return traceback_of(exc_info[1])


def lift_temporal(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Turn the SDK's nested record of the workflow or activity that logs into fields of the line."""
    for name in _LIFTED:
        record = event.pop(name, None)
        if isinstance(record, dict):
            event.update({key: value for key, value in record.items() if key in _KEPT})
    return event
