"""Key management services: `KAWAL_KMS` names what creates the MasterKey that uses one.

    KAWAL_KMS=transit                     an entry point of the group `kawal.kms`, or one of those shipped
    KAWAL_KMS=our_package.keys:from_env   a function of an importable module

The function takes no argument and returns a crypto.master_key.MasterKey; it reads what it needs from the environment.
It is called at start and must not contact the service, which happens when a key is first needed, so that a process can
start while the service is unavailable.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import entry_points

from kawal.crypto.master_key import KeyUnavailable, MasterKey

SERVICE = "KAWAL_KMS"
GROUP = "kawal.kms"

SHIPPED = {"transit": "kawal.crypto.transit:from_environment"}


def load_service(name: str) -> MasterKey:
    """Return the master key of a service; raises KeyUnavailable if it cannot be found or created."""
    try:
        made: MasterKey = _factory(name)()
    except Exception as error:  # whatever an operator's module raises, there is no key
        raise KeyUnavailable(f"{SERVICE}={name}: {type(error).__name__}: {error}") from error
    return made


def _factory(name: str) -> Callable[[], MasterKey]:
    for point in entry_points(group=GROUP, name=name):
        loaded: Callable[[], MasterKey] = point.load()
        return loaded
    module, _, function = SHIPPED.get(name, name).partition(":")
    if not function:
        raise ValueError(f"there is no {name!r} in {GROUP}; write MODULE:FUNCTION, or one of {', '.join(SHIPPED)}")
    found: Callable[[], MasterKey] = getattr(import_module(module), function)
    return found
