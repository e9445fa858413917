"""`kawal whatif`: other limits are asked about, followed until they are computed, shown by OPD, cancelled."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest

from kawal.cli.commands import what_if
from kawal.cli.terminal.operator import Operator
from kawal.domain.names import Role
from kawal.domain.policy import Policy
from kawal.domain.what_if import WhatIfQuestion, WhatIfSums, mark_of
from kawal.domain.what_if_figures import OF_OPD, WhatIfFigure
from kawal.store.what_if import WhatIf, WhatIfState
from tests.cli.running import Kawal
from tests.cli.test_life import ADMIN, DPUPR, INSPECTORATE

POLICY = """[[policy]]
version = "lain"
effective_from = 2026-01-01
respond = 4
verify = 2
"""


def test_other_limits_are_asked_followed_listed_and_cancelled(running: Kawal) -> None:
    file = running.home / "lain.toml"
    file.write_text(POLICY)
    asked = running.done("whatif", "ask", "--policy", str(file), "--verify", "1", who=ADMIN)
    number = str(asked["number"])
    shown = running("whatif", "show", number, "--wait", who=INSPECTORATE)
    assert (shown.code, "dihitung" in shown.out) == (0, True), shown.err
    assert "tindak lanjut pertama: 5 → 4 hari kerja" in shown.out
    told = running.done("whatif", "show", number, who=ADMIN)
    assert (told["state"], told["policy"]["verify"], told["policy"]["respond"]) == ("done", 1, 4)
    rows = running("whatif", "rows", number, "--figure", "terlambat", who=ADMIN)
    assert next(csv.reader(io.StringIO(rows.out))) == ["number", "received_at", "was", "would"]
    assert running.done("whatif", "cancel", number, who=ADMIN)["state"] == "done", "what has ended stays as it is"
    assert number in running("whatif", "list", who=ADMIN).out
    for arguments, who, code, said in (
        (("list",), DPUPR, 1, "penghubung"),
        (("ask", "--respond", "0"), ADMIN, 1, "--respond"),
        (("ask", "--as-of", "2999-01-01"), ADMIN, 1, "sudah lewat"),
        (("cancel", number), INSPECTORATE, 1, "meminta"),
        (("show", "999999"), ADMIN, 1, "90 hari"),
        (("rows", number, "--figure", "arsip-sendiri", "--opd", "DPUPR"), ADMIN, 2, "terlambat"),
    ):
        outcome = running("whatif", *arguments, who=who)
        assert (outcome.code, said in outcome.err) == (code, True), (arguments, outcome.err)


def test_a_result_by_opd_fits_into_eighty_columns(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    was = {str(figure): 1_234 for figure in WhatIfFigure} | {mark_of(one, "DISDUKCAPIL"): 1_234 for one in WhatIfFigure}
    would = dict.fromkeys(was, 1_199) | {mark_of(WhatIfFigure.LATE, "DPUPR"): 7}
    policy = Policy(version="andai", effective_from=date(2025, 1, 1))
    question = WhatIfQuestion(policy=policy, first=date(2025, 1, 1), last=date(2025, 12, 31), as_of=date(2026, 1, 31))
    asked = WhatIf(
        number=1,
        instansi="KEPRI",
        question=question,
        asked_role=Role.ADMIN,
        asked_account="x",
        asked_at=datetime.now(UTC),
        state=WhatIfState.DONE,
        total=1_234,
        done=1_234,
        after_at=None,
        after_number=None,
        sums=WhatIfSums(was=was, would=would, untold=2, left_out={"follow_up": 3}),
        ended_at=datetime.now(UTC),
    )
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    what_if._tell_figures(Operator(), asked)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out).splitlines()
    assert max(map(len, lines)) <= 80
    assert next(line for line in lines if "DISDUKCAPIL" in line).count("1234") == len(OF_OPD)
