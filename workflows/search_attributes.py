"""The search attributes by which the Temporal UI answers "which complaints are stuck".

Values are stored unencrypted by the engine: only codes, never anything about a person. Registration, the worker's
start-up check, tests and documentation derive from `ALL`.
"""

from __future__ import annotations

from typing import Any

from temporalio.common import SearchAttributeKey

STATUS = SearchAttributeKey.for_keyword("KawalStatus")
"""The complaint's status (domain.names.Status)."""
INSTANSI = SearchAttributeKey.for_keyword("KawalInstansi")
"""Code of the agency that holds the complaint."""
REPORT_CLASS = SearchAttributeKey.for_keyword("KawalClass")
"""Class of the report (domain.names.ReportClass)."""
CHANNEL = SearchAttributeKey.for_keyword("KawalChannel")
"""Channel by which the report came in (domain.names.Channel)."""
OPD = SearchAttributeKey.for_keyword_list("KawalOpd")
"""Codes of the OPD that hold the complaint now; several OPD may hold it at once."""
NEXT_DEADLINE = SearchAttributeKey.for_datetime("KawalNextDeadline")
"""The earliest open deadline; unset when no step is owed."""
LEVEL = SearchAttributeKey.for_int("KawalLevel")
"""The highest rung of escalation reached, 0 to 3."""
OVERDUE = SearchAttributeKey.for_bool("KawalOverdue")
"""Whether an owed step is past its deadline."""

ALL: tuple[SearchAttributeKey[Any], ...] = (
    STATUS,
    INSTANSI,
    REPORT_CLASS,
    CHANNEL,
    OPD,
    NEXT_DEADLINE,
    LEVEL,
    OVERDUE,
)
"""Every attribute, in the order in which documentation lists them."""
