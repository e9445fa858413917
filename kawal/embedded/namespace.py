"""Preparation of an engine's namespace: its existence, its retention of closed histories, our search attributes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import cast

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from kawal.base.errors import SystemUnavailable
from kawal.domain.msgids import msgid, sentence
from workflows import search_attributes

READY_SECONDS = 30.0


async def prepare_namespace(client: Client, namespace: str, *, retention: timedelta) -> None:
    """Create `namespace` if it is missing and register the search attributes it lacks; return when both are usable.

    The retention of an existing namespace is left as its operator set it. Raises SystemUnavailable if they cannot be
    created.
    """
    try:
        await _create(client, namespace, retention)
        await _until_visible(client, namespace)
        missing = await missing_search_attributes(client, namespace)
        if missing:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(
                    namespace=namespace,
                    search_attributes={
                        key.name: cast("IndexedValueType.ValueType", int(key.indexed_value_type))
                        for key in search_attributes.ALL
                        if key.name in missing
                    },
                )
            )
    except RPCError as error:
        raise SystemUnavailable(
            sentence(
                msgid("The Temporal namespace `{namespace}` cannot be made ready: {message}."),
                namespace=namespace,
                message=error.message,
            ),
        ) from error
    await require_search_attributes(client, namespace)


async def missing_search_attributes(client: Client, namespace: str) -> list[str]:
    """Return the names of our search attributes that `namespace` does not have with the right type."""
    known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
    return [
        key.name
        for key in search_attributes.ALL
        if known.custom_attributes.get(key.name) != int(key.indexed_value_type)
    ]


async def require_search_attributes(client: Client, namespace: str) -> None:
    """Raise SystemUnavailable unless every search attribute is registered: an unknown one would block a complaint."""
    missing = await missing_search_attributes(client, namespace)
    if missing:
        raise SystemUnavailable(
            sentence(
                msgid(
                    "Search attributes not registered in namespace `{namespace}`: {missing}. Register them with "
                    "`temporal operator search-attribute create`."
                ),
                namespace=namespace,
                missing=", ".join(missing),
            ),
        )


async def _create(client: Client, namespace: str, retention: timedelta) -> None:
    period = Duration()
    period.FromTimedelta(retention)
    try:
        await client.workflow_service.register_namespace(
            RegisterNamespaceRequest(namespace=namespace, workflow_execution_retention_period=period)
        )
    except RPCError as error:
        if error.status != RPCStatusCode.ALREADY_EXISTS and not await _exists(client, namespace):
            raise


async def _exists(client: Client, namespace: str) -> bool:
    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True


async def _until_visible(client: Client, namespace: str) -> None:
    """Wait until the namespace is in the server's own cache."""
    async with asyncio.timeout(READY_SECONDS):
        while True:
            try:
                await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
                await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
            except RPCError as error:
                if error.status not in (RPCStatusCode.NOT_FOUND, RPCStatusCode.UNAVAILABLE):
                    raise
                await asyncio.sleep(0.1)
            else:
                return
