"""How a program of ours ends once its work is done.

Imports only what the interpreter has loaded already: the command line begins with it.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing itself takes longer to import than the rest of the way to the version
if TYPE_CHECKING:
    from typing import NoReturn


def leave(code: int) -> NoReturn:
    """End the process with this exit code once all that it wrote is out; the interpreter is not torn down.

    The engine's client has threads of its own that nothing can close or wait for. One that still holds a Python object
    while the interpreter is torn down ends the process with SIGSEGV or SIGABRT instead of its exit code (known to the
    makers of temporalio as sdk-python issue 300). What must be closed in order has been closed by then.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
