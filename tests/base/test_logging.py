"""Log lines are one JSON object each, with the logging workflow as fields."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from temporalio import activity, workflow

from kawal.base.logging import configure_logging


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    configure_logging(stream=out)
    yield out
    root.handlers[:], root.level = handlers, level
    workflow.logger.workflow_info_on_message = True
    activity.logger.activity_info_on_message = True
    structlog.reset_defaults()


def test_the_workflow_that_speaks_becomes_fields(lines: io.StringIO) -> None:
    spoken = {"workflow_id": "complaint-1", "attempt": 1, "namespace": "kawal"}
    logging.getLogger("kawal.process").info("escalated", extra={"temporal_workflow": spoken})
    line = json.loads(lines.getvalue())
    assert line["event"] == "escalated"
    assert line["workflow_id"] == "complaint-1"
    assert line["level"] == "info"
    assert "temporal_workflow" not in line
    assert "namespace" not in line


def test_structlog_speaks_the_same_way_with_bound_context(lines: io.StringIO) -> None:
    with structlog.contextvars.bound_contextvars(tracking_id="1234567"):
        structlog.get_logger("kawal.client").warning("late", rung=2)
    line = json.loads(lines.getvalue())
    assert (line["event"], line["rung"], line["tracking_id"], line["level"]) == ("late", 2, "1234567", "warning")


def test_an_error_keeps_its_trace_in_the_line(lines: io.StringIO) -> None:
    try:
        raise ValueError("broken")
    except ValueError:
        logging.getLogger("kawal").exception("failed")
    assert "ValueError: broken" in json.loads(lines.getvalue())["exception"]


def test_no_line_is_written_for_each_request_that_the_program_makes(lines: io.StringIO) -> None:
    for chatty in ("httpx", "httpcore.http11", "uvicorn.error"):
        logging.getLogger(chatty).info("HTTP Request: POST https://vault.example/v1/transit/encrypt/kawal")
    assert lines.getvalue() == ""
