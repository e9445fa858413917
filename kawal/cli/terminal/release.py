"""Which release of Kawal this is."""

from __future__ import annotations


def release() -> str:
    """The installed version; "(checkout)" where nothing is installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("kawal")
    except PackageNotFoundError:
        return "(checkout)"
