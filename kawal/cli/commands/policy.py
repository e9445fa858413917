"""`kawal policy …`: the rule sets on record, and adding one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kawal.cli.terminal.dates import show_day
from kawal.cli.terminal.desk_table import Form, desk_specs
from kawal.cli.terminal.files import read_file
from kawal.cli.terminal.model_options import OptionLayout
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.domain.policy import RULES, Policy, limit_rule, load_policy
from kawal.wording.explanations import said_rule

if TYPE_CHECKING:
    from kawal.client.reading import Readings


def list_policies(operator: Operator) -> None:
    """List the rule sets with every limit and its source; the shipped ones where no system runs."""
    from kawal.base.errors import SystemUnavailable

    try:
        policies = operator.with_record(_on_record)
    except SystemUnavailable:
        policies = _shipped()
    if operator.json:
        operator.write_json([policy.model_dump(mode="json") for policy in policies])
        return
    for policy in policies:
        since = show_day(policy.effective_from, operator.lang)
        operator.write(operator.say("policy_title", version=policy.version, day=since, basis=policy.basis))
        rules = [said_rule(limit_rule(policy, row.limit), operator.lang) for row in RULES]
        rows = [[rule.name, str(rule.limit), rule.unit, rule.source] for rule in rules]
        write_table(("name", "limit", "unit", "source"), rows, operator.lang)


async def _on_record(complaints: Readings) -> list[Policy]:
    return await complaints.rulebook.policies()


def _shipped() -> list[Policy]:
    from kawal.data import POLICIES, read_text

    return load_policy(read_text(POLICIES))


def _policies(_: Operator, given: dict[str, Any]) -> dict[str, Any]:
    return {"policies": read_file(given["policy_toml"], load_policy)}


def _tell_imported(operator: Operator, added: list[str]) -> None:
    operator.write(operator.say("policies_imported", versions=", ".join(added) or operator.say("nothing_found")))


SPECS = (
    Spec("list", list_policies),
    *desk_specs(
        "policy",
        {
            "import": Form(
                _tell_imported,
                typed=OptionLayout(apart={"policies"}),
                instead=(Field("policy_toml", default=REQUIRED),),
                read=_policies,
            )
        },
    ),
)
