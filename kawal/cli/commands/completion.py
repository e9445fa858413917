"""`kawal completion`: the script with which a shell completes the command line."""

from __future__ import annotations

from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.shells import SCRIPTS, Shell


def print_script(operator: Operator, shell: Shell) -> None:
    """Print the script of a shell."""
    operator.write(SCRIPTS[shell])


SPECS = (Spec("completion", print_script, [Field("shell", kind=Shell, default=REQUIRED)], common=()),)
