"""`kawal audit` on a running system: sealing, publishing, verifying, receipts, and the log by HTTP."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Kawal

SCRIPT = Path(__file__).parents[2] / "kawal" / "audit" / "proof" / "verify_receipt.py"
AUDITOR = "auditor:Rani"


@pytest.fixture
def sealed(english: Kawal) -> str:
    """Return a complaint whose first event is sealed."""
    tracking = english.start()
    assert english("audit", "seal").code == 0
    return tracking


def at_http(kawal: Kawal, path: str) -> Any:
    told = kawal.home.with_name(f"{kawal.home.name}.out").read_text()
    found = re.search(r"^HTTP \(.+\) +(http://localhost:\d+)/$", told, re.MULTILINE)
    assert found is not None
    with urllib.request.urlopen(f"{found[1]}/api/v1/log/{path}", timeout=30) as answer:  # noqa: S310 - our own address
        return json.load(answer)


def test_what_was_sealed_is_published_and_verifies(english: Kawal, sealed: str, tmp_path: Path) -> None:
    heads = english.done("audit", "heads")
    published = (english.home / "published" / "heads.jsonl").read_text().splitlines()
    assert json.loads(published[-1]) == heads[0]
    (tmp_path / "head.json").write_text(published[-1])
    (tmp_path / "keys.json").write_text((english.home / "published" / "keys.json").read_text())
    kept = ("--head", str(tmp_path / "head.json"), "--keys", str(tmp_path / "keys.json"))
    one = english.done("audit", "verify", sealed, "--engine", *kept, who=AUDITOR)
    assert (one["found"], one["kept_heads"], one["unsealed"]) == (0, 1, {"event": 0})
    assert one["counted"]["engine"] == 1
    whole = english("audit", "verify", *kept, who=AUDITOR)
    assert (whole.code, "Everything agrees." in whole.out) == (0, True), whole.out + whole.err
    assert english("audit", "verify", "--since", "2022-01-01", "--chains").code == 0


def test_a_receipt_is_checked_without_kawal(english: Kawal, sealed: str, tmp_path: Path) -> None:
    file = tmp_path / "receipt.json"
    assert english("audit", "receipt", sealed, "--output", str(file), who=AUDITOR).code == 0
    heads = english.home / "published" / "heads.jsonl"
    checked = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(file), str(heads)], capture_output=True, text=True, check=False
    )
    assert (checked.returncode, "VALID" in checked.stdout) == (0, True), checked.stdout
    assert english("audit", "receipt", "1", "--output", str(file), who=AUDITOR).code == 1


def test_a_receipt_is_for_the_reporter_and_overseers_and_on_record(english: Kawal, tmp_path: Path) -> None:
    tracking = english.start("Pungutan", "--rahasia")
    assert english("audit", "seal").code == 0
    asked = ("audit", "receipt", tracking, "--output")
    for name, who in (("none", None), ("liaison", "liaison/DPUPR:Budi"), ("gubernur", "leadership:Ansar")):
        refused = english(*asked, str(tmp_path / name), who=who)
        assert (refused.code, (tmp_path / name).exists()) == (2 if who is None else 1, False)
    for name, who in (("own", "reporter:Siti"), ("inspectorate", "inspectorate:Eka"), ("auditor", AUDITOR)):
        assert english(*asked, str(tmp_path / name), who=who).code == 0
    log = english.done("history", tracking, "--workflow", "--purpose", "sidang 12", who=AUDITOR)
    assert json.dumps(log).count('"what": "receipt"') == 5


def test_a_new_key_is_endorsed_and_signs_what_follows(english: Kawal, sealed: str) -> None:
    assert sealed
    before = english.done("audit", "keys")
    assert english("audit", "keys", "--rotate").code == 2
    assert english("audit", "keys", "--rotate", who=AUDITOR).code == 1
    assert english.done("audit", "keys") == before
    after = english.done("audit", "keys", "--rotate", who="admin:Ani")
    assert [key["id"] for key in after["keys"][:-1]] == [key["id"] for key in before["keys"]]
    english.start()
    english.done("audit", "seal")
    assert english.done("audit", "heads")[0]["signing_key"] == after["keys"][-1]["id"]
    assert english("audit", "verify").code == 0


def test_anyone_reads_the_log_by_http_and_follows_a_receipt_to_a_later_head(
    english: Kawal, sealed: str, tmp_path: Path
) -> None:
    file = tmp_path / "receipt.json"
    assert english("audit", "receipt", sealed, "--output", str(file), who=AUDITOR).code == 0
    head = json.loads(file.read_text())["head"]
    assert head in at_http(english, f"heads?after={head['size'] - 1}")
    assert at_http(english, "keys") == english.done("audit", "keys")
    english.start()
    english.done("audit", "seal")
    later = at_http(english, "head")
    assert later["size"] > head["size"]
    (tmp_path / "head.json").write_text(json.dumps(later))
    proof = at_http(english, f"proof/consistency?older={head['size']}&newer={later['size']}")
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    assert at_http(english, f"proof/inclusion?leaf=0&size={head['size']}")["hashes"]
    followed = [str(SCRIPT), str(file), str(tmp_path / "head.json"), "--consistency", str(tmp_path / "proof.json")]
    checked = subprocess.run([sys.executable, "-I", *followed], capture_output=True, text=True, check=False)
    assert (checked.returncode, "only grew" in checked.stdout) == (0, True), checked.stdout
    for absent in ("proof/consistency?older=999999&newer=9999999", "proof/inclusion?leaf=999999&size=1"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            at_http(english, absent)
        refused.value.close()
        assert refused.value.code == 404


@pytest.mark.parametrize("text", ["", "{}", "no json", '{"form": "kawal-head-1", "size": 3}', "\x00"])
def test_what_is_no_head_is_refused(english: Kawal, tmp_path: Path, text: str) -> None:
    (tmp_path / "head.json").write_text(text)
    refused = english("audit", "verify", "--head", str(tmp_path / "head.json"))
    assert (refused.code, "cannot be used" in refused.err) == (2, True)
    assert english("audit", "verify", "--keys", str(tmp_path / "head.json")).code == 2
    assert english("audit", "verify", "--head", str(tmp_path / "nowhere.json")).code == 2


def test_a_head_of_another_log_is_found(english: Kawal, sealed: str, tmp_path: Path) -> None:
    head = english.done("audit", "heads")[0]
    (tmp_path / "head.json").write_text(json.dumps(head | {"log": "0" * 64}))
    found = english("audit", "verify", sealed, "--head", str(tmp_path / "head.json"))
    assert (found.code, "another log" in found.out) == (1, True)
    (tmp_path / "head.json").write_text(json.dumps(head | {"root": "0" * 64}))
    found = english("audit", "verify", sealed, "--head", str(tmp_path / "head.json"))
    assert (found.code, "does not have a valid signature" in found.out) == (1, True)
