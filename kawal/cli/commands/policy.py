"""`kawal policy …`: the rule sets on record, and adding one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kawal.cli.terminal.dates import show_day
from kawal.cli.terminal.faults import Refused
from kawal.cli.terminal.files import read_file
from kawal.cli.terminal.operator import Operator
from kawal.cli.terminal.options import REQUIRED, Field, Spec
from kawal.cli.terminal.tables import write_table
from kawal.domain.policy import RULES, Policy, limit_rule, load_policy

if TYPE_CHECKING:
    from kawal.client.complaints import Complaints


def list_policies(operator: Operator) -> None:
    """List the rule sets with every limit and its source; the shipped ones where no system runs."""
    from kawal.base.errors import SystemUnavailable

    try:
        policies = operator.with_system(_on_record)
    except SystemUnavailable:
        policies = _shipped()
    if operator.json:
        operator.write_json([policy.model_dump(mode="json") for policy in policies])
        return
    for policy in policies:
        since = show_day(policy.effective_from, operator.lang)
        operator.write(operator.say("policy_title", version=policy.version, day=since, basis=policy.basis))
        rules = [limit_rule(policy, row.limit, operator.lang) for row in RULES]
        rows = [[rule.name, str(rule.limit), rule.unit, rule.source] for rule in rules]
        write_table(("name", "limit", "unit", "source"), rows, operator.lang)


def import_policies(operator: Operator, *, policy_toml: str) -> None:
    """Add the rule sets of a file; a correction of one in force is a new version with the same first day."""
    policies = read_file(policy_toml, load_policy)

    async def work(complaints: Complaints) -> list[str]:
        from kawal.store.rules import VersionTaken

        try:
            return await complaints.rulebook.import_policies(policies, instansi=operator.instansi())
        except VersionTaken:
            taken = ", ".join(policy.version for policy in policies)
            raise Refused("policy_taken", version=taken) from None

    added = operator.with_system(work)
    if operator.json:
        operator.write_json(added)
    else:
        operator.write(operator.say("policies_imported", versions=", ".join(added) or operator.say("nothing_found")))


SPECS = (
    Spec("list", list_policies),
    Spec("import", import_policies, [Field("policy_toml", default=REQUIRED)]),
)


async def _on_record(complaints: Complaints) -> list[Policy]:
    return await complaints.rulebook.policies()


def _shipped() -> list[Policy]:
    from kawal.data import POLICIES, read_text

    return load_policy(read_text(POLICIES))
