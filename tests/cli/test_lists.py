"""Lists of an agency's affairs at the command line: for the roles that may see them, and the machine's operator."""

from __future__ import annotations

from tests.cli.running import Kawal
from tests.matrix.expected import LISTS

EVERYBODY = {
    "agency_admin": "admin:Ani",
    "inspectorate": "inspectorate:Eka",
    "auditor": "auditor:Rani",
    "leadership": "leadership:Gani",
    "liaison": "liaison/DPUPR:Budi",
    "desk": "desk:Lia",
    "reporter": "reporter:Siti",
}


def test_a_list_is_shown_to_the_roles_that_may_see_it_and_to_whoever_runs_the_machine(running: Kawal) -> None:
    for arguments, allowed in LISTS.items():
        shown = {role for role, who in EVERYBODY.items() if running(*arguments, who=who).code == 0}
        assert shown == allowed, arguments
        assert running(*arguments).code == 0, arguments


def test_the_notices_of_one_report_are_listed_to_whoever_may_see_where_it_stands(running: Kawal) -> None:
    tracking = running.start("Lampu padam di pasar")
    assert running("notices", "--report", tracking, who="desk:Lia").code == 0
    assert running("notices", "--report", tracking, who="liaison/DISHUB:Dewi").code == 1
