"""`kawal gateway test`: a test message by one of the outgoing gateways."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator

if TYPE_CHECKING:
    from kawal.desks.gateways import TrialMessage


def _tell_waiting(operator: Operator, put: TrialMessage) -> None:
    operator.write(operator.say("trial_waits", number=put.number, gateway=put.gateway))


SPECS = desk_specs("gateway", {"test": Form(_tell_waiting, typed=OptionLayout(places=frozenset({"gateway"})))})
