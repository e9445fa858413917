"""`kawal public`: what the public sees of a report - files and words released, passages redacted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator

if TYPE_CHECKING:
    from kawal.desks.publicity import PublicityResult


def _tell_released(operator: Operator, done: PublicityResult) -> None:
    operator.write(operator.say("released_words" if done.what == "words" else "released_file", id=done.tracking_id))


def _tell_redacted(operator: Operator, done: PublicityResult) -> None:
    operator.write(operator.say("redacted_for_public", id=done.tracking_id))


_NUMBER = frozenset({"tracking_id"})

SPECS = desk_specs(
    "public",
    {
        "release": Form(_tell_released, typed=OptionLayout({"all_words": "--words"}, places=_NUMBER)),
        "redact-picture": Form(_tell_redacted, typed=OptionLayout({"areas": "--area"}, places=_NUMBER | {"file"})),
        "redact": Form(_tell_redacted, typed=OptionLayout({"passages": "--passage"}, places=_NUMBER)),
    },
)
