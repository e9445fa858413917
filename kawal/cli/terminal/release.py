"""The installed release of Kawal."""

from __future__ import annotations

import os
import sys

_BEFORE, _AFTER = "kawal-", ".dist-info"


def release() -> str:
    """Return the installed version; "(checkout)" where nothing is installed.

    It is read from the name of the folder that an installer creates: importing importlib.metadata takes longer than
    everything else on the way to the version.
    """
    for folder in sys.path:
        for name in _listed(folder):
            if name.startswith(_BEFORE) and name.endswith(_AFTER):
                return name[len(_BEFORE) : -len(_AFTER)]
    return "(checkout)"


def _listed(folder: str) -> list[str]:
    try:
        return os.listdir(folder or ".")
    except OSError:  # a zip file, or a folder that is not there
        return []
