"""Handling of payloads that could not be decrypted: reading one raises an error that ends whatever asked for it.

A run that was started with such a payload ends at its first task instead of failing it for ever. Its failure contains
nothing that would have to be encrypted, because a run started under the number of a complaint that does not exist has
no key to encrypt with.
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
from kawal.domain.process.run_input import NO_BEGINNING, NOT_OURS

_TELL_NOTHING = frozenset({NOT_OURS, NO_BEGINNING})
"""Failure types whose messages are fixed texts of this code, so that they may be stored unencrypted."""


class UndecodableConverter(EncodingPayloadConverter):
    """A payload converter that refuses what the codec could not decrypt, as a failure that no retry can fix."""

    @property
    def encoding(self) -> str:
        """The encoding with which the codec marks such a payload."""
        return UNDECODABLE.decode()

    def to_payload(self, value: Any) -> Payload | None:  # noqa: ARG002 - no value is encoded this way
        """Return None: every value is left to the other converters."""
        return None

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> NoReturn:  # noqa: ARG002 - refused whatever its type
        """Raise ApplicationError of type NOT_OURS."""
        reason = payload.metadata.get(REASON, b"").decode("ascii", "replace")
        raise ApplicationError(f"a payload does not open: {reason}", type=NOT_OURS, non_retryable=True)


class StrictPayloadConverter(PydanticPayloadConverter):
    """Pydantic's payload converter, which also refuses payloads that could not be decrypted."""

    def __init__(self) -> None:
        """Create the converter; the SDK requires a class whose constructor takes no arguments."""
        super().__init__()
        self._set_converters(*self.converters.values(), UndecodableConverter())


class StrictFailureConverter(DefaultFailureConverterWithEncodedAttributes):
    """A failure converter that encrypts all failures except those without content; one that cannot be decrypted stays
    one."""

    def to_failure(self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure) -> None:
        """Write the exception into `failure`."""
        if isinstance(exception, ApplicationError) and exception.type in _TELL_NOTHING:
            failure.message = exception.message
            failure.application_failure_info.type = exception.type
            failure.application_failure_info.non_retryable = exception.non_retryable
        else:
            super().to_failure(exception, payload_converter, failure)

    def from_failure(self, failure: Failure, payload_converter: PayloadConverter) -> BaseException:
        """Read a failure; if its details cannot be decrypted, return the error that says so."""
        try:
            return super().from_failure(failure, payload_converter)
        except ApplicationError as error:
            if error.type != NOT_OURS:
                raise
            return error
