"""Key management services: `KAWAL_KMS` names what makes the MasterKey that speaks to one.

    KAWAL_KMS=transit                     an entry point of the group `kawal.kms`, or one of those shipped
    KAWAL_KMS=our_package.keys:from_env   a function of an importable module

The function takes no argument and gives a crypto.master_key.MasterKey; what it needs it takes from the environment. It
is called at start and must not ask the service: that happens when a key is first wanted, so that a process starts while
the service is away.
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
    """The master key of a service; raises KeyUnavailable if it is not to be found or cannot be made."""
    try:
        made: MasterKey = _factory(name)()
    except Exception as error:  # whatever an operator's module raises, it is no key
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
