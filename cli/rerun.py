"""`kawal rerun FILE`: a recorded year through the real engine in virtual time."""

from __future__ import annotations

from cli.operator import Operator
from cli.options import REQUIRED, Field, Spec


def rerun(
    operator: Operator,
    *,
    rerun_file: str,
    until: str | None,
    strict: bool,
    policy_file: str | None,
    rerun_home: str | None,
) -> int:
    """Run the file; what that means, its exit codes and its output are client.rerun's."""
    raise NotImplementedError


SPEC = Spec(
    "rerun",
    rerun,
    [
        Field("rerun_file", default=REQUIRED),
        Field("until", "--until"),
        Field("strict", "--strict", bool, default=False),
        Field("policy_file", "--policy"),
        Field("rerun_home", "--home"),
    ],
    "system",
)
