"""What becomes of a payload that did not open when somebody wants to read it: an error that ends what asked for it.

A run that was started with such a payload ends at its first task instead of failing it for ever, and its failure tells
nothing that had to be sealed: who starts a run under a number that no complaint has finds no key that could seal it.
"""

from __future__ import annotations

from typing import Any, NoReturn

from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    DefaultFailureConverterWithEncodedAttributes,
    EncodingPayloadConverter,
    PayloadConverter,
)
from temporalio.exceptions import ApplicationError

from kawal.crypto.codec import REASON, UNDECODABLE
from kawal.domain.process.life import NO_BEGINNING, NOT_OURS

_TELL_NOTHING = frozenset({NOT_OURS, NO_BEGINNING})
"""Failures whose words are this code's own, so that they go out without a key."""


class Unreadable(EncodingPayloadConverter):
    """Refuses what the codec could not open, as a failure that no retry mends."""

    @property
    def encoding(self) -> str:
        """The encoding by which the codec marks it."""
        return UNDECODABLE.decode()

    def to_payload(self, value: Any) -> Payload | None:  # noqa: ARG002 - nothing becomes undecodable by itself
        """Leave every value to the other converters."""
        return None

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> NoReturn:  # noqa: ARG002 - whatever it was
        """Raise ApplicationError of type NOT_OURS."""
        reason = payload.metadata.get(REASON, b"").decode("ascii", "replace")
        raise ApplicationError(f"a payload does not open: {reason}", type=NOT_OURS, non_retryable=True)


class OurPayloads(PydanticPayloadConverter):
    """Pydantic's payload converter, which says of what did not open that it did not."""

    def __init__(self) -> None:
        """Make it; the SDK asks for a class that takes nothing."""
        super().__init__()
        self._set_converters(*self.converters.values(), Unreadable())


class OurFailures(DefaultFailureConverterWithEncodedAttributes):
    """Failures sealed but for those that tell nothing; one that does not open is a failure all the same."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        """Write the exception into `failure`."""
        if isinstance(exception, ApplicationError) and exception.type in _TELL_NOTHING:
            failure.message = exception.message
            failure.application_failure_info.type = exception.type
            failure.application_failure_info.non_retryable = exception.non_retryable
        else:
            super().to_failure(exception, payload_converter, failure)

    def from_failure(self, failure: Failure, payload_converter: PayloadConverter) -> BaseException:
        """Read a failure; one with details that do not open is told as what refused them."""
        try:
            return super().from_failure(failure, payload_converter)
        except ApplicationError as error:
            if error.type != NOT_OURS:
                raise
            return error
