"""The single way in which clients, workers and replayers connect to the engine: same converter, same encryption."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Self

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import (
    DataConverter,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
)
from temporalio.envconfig import ClientConfig

from kawal.base.endpoints import Endpoints, running_endpoints
from kawal.base.errors import SystemUnavailable
from kawal.base.payload_conversion import StrictFailureConverter, StrictPayloadConverter
from kawal.base.settings import Settings
from kawal.domain.msgids import msgid, sentence


@dataclass(frozen=True)
class EncryptedDataConverter(DataConverter):
    """A data converter in which only the codec depends on the workflow.

    The SDK asks for a copy with the context for every payload, and its own `with_context` rebuilds all parts each time:
    about a tenth of a worker's time. Here the parts are shared and only the codec is replaced.
    """

    def with_context(self, context: SerializationContext) -> Self:
        """Return this converter with the codec for the workflow that the context names."""
        codec: object = self.payload_codec
        if not isinstance(codec, WithSerializationContext):
            return self
        exchanged = codec.with_context(context)
        if exchanged is codec:
            return self
        clone = copy.copy(self)
        object.__setattr__(clone, "payload_codec", exchanged)
        return clone


def data_converter(codec: PayloadCodec | None) -> DataConverter:
    """Return the converter: pydantic, through `codec`, with the messages and stack traces of failures encrypted as
    well.

    Reading a payload that the codec could not decrypt raises ApplicationError of type NOT_OURS.

    Without a codec payloads are plain text, which only the tests of this package use.
    """
    if codec is None:
        return pydantic_data_converter
    return EncryptedDataConverter(
        payload_converter_class=StrictPayloadConverter,
        payload_codec=codec,
        failure_converter_class=StrictFailureConverter,
    )


async def connect_temporal(where: Settings | Endpoints, codec: PayloadCodec | None, *, later: bool = False) -> Client:
    """Connect to the engine of a running system, or of `where` itself when it is Endpoints.

    Raises SystemUnavailable when nothing runs there or nothing answers; with `later` the client connects at its first
    call, which then raises RuntimeError.
    """
    endpoints = running_endpoints(where) if isinstance(where, Settings) else where
    try:
        if not endpoints.external_temporal:
            return await Client.connect(
                endpoints.temporal_address,
                namespace=endpoints.namespace,
                data_converter=data_converter(codec),
                lazy=later,
            )
        named = ClientConfig.load_client_connect_config()
        named["target_host"] = endpoints.temporal_address
        named["namespace"] = endpoints.namespace
        return await Client.connect(**named, data_converter=data_converter(codec), lazy=later)
    except RuntimeError as error:  # how the SDK reports that there is no connection
        raise SystemUnavailable(
            sentence(
                msgid("The Temporal server at {address} does not answer: run `make up` or check TEMPORAL_ADDRESS."),
                address=endpoints.temporal_address,
            ),
        ) from error
