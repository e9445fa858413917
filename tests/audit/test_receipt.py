"""Receipts: a script alone checks them in another folder, and refuses what was tampered with or is of another log."""

from __future__ import annotations

import copy
import json
import random
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from activities.publish import publish_files
from kawal.audit.proof.receipt import NotAsSealed, NotSealedYet, receipt
from kawal.base.postgres import close_pool, open_pool
from kawal.crypto.master_keys import LocalMasterKey
from kawal.domain.refusals import Refusal
from kawal.store.data_keys import DataKeyStore
from kawal.store.log import Log
from kawal.store.setup import prepare_database
from tests.audit.records import Record
from tests.database_owner import owner_url

SCRIPT = Path(__file__).parents[2] / "kawal" / "audit" / "proof" / "verify_receipt.py"


@pytest.fixture
async def record(database_url: str) -> AsyncIterator[Record]:
    await prepare_database(database_url, LocalMasterKey(bytes(32)))
    pool = await open_pool(owner_url(database_url))
    record = Record(pool, DataKeyStore(pool, LocalMasterKey(bytes(32))))
    await record.prepare()
    yield record
    await close_pool(pool)


class Checked(NamedTuple):
    code: int
    out: str


class Desk:
    """A folder with the script and files, and nothing of Kawal."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(SCRIPT, folder / "verify_receipt.py")

    def check(self, receipt: Any, heads: str, *more: str) -> Checked:
        text = receipt if isinstance(receipt, str) else json.dumps(receipt)
        (self.folder / "receipt.json").write_text(text)
        (self.folder / "heads.jsonl").write_text(heads)
        done = subprocess.run(
            [sys.executable, "-I", "verify_receipt.py", "receipt.json", "heads.jsonl", *more],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr
        return Checked(done.returncode, done.stdout + done.stderr)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def published(record: Record, folder: Path) -> str:
    await publish_files(record.pool, record.signing, folder / "published")
    return (folder / "published" / "heads.jsonl").read_text()


async def test_a_receipt_is_checked_by_the_script_alone_and_followed_to_later_heads(
    record: Record, desk: Desk, tmp_path: Path
) -> None:
    tracking = await record.life(3)
    with pytest.raises(NotSealedYet):
        await receipt(record.pool, record.keys, tracking)
    await record.sealer.seal()
    made = await receipt(record.pool, record.keys, tracking)
    valid = desk.check(made, await published(record, tmp_path))
    assert valid.code == 0
    assert "SAH" in valid.out
    assert "VALID" in valid.out

    await record.signing.rotate()
    await record.life(4)
    await record.entries(3)
    (later,) = await record.sealer.seal()
    everything = await published(record, tmp_path)
    assert desk.check(made, everything).code == 1, "its keys do not know who signed the later head"
    renewed = await receipt(record.pool, record.keys, tracking) | {"head": made["head"], "rows": made["rows"]}
    assert desk.check(renewed, everything, "--keys", "published/keys.json").code == 0

    alone = json.dumps(later.to_json())
    assert desk.check(renewed, alone).code == 1
    hashes = await Log(record.pool).consistency(made["head"]["size"], later.size)
    proof = {"older": made["head"]["size"], "newer": later.size, "hashes": [one.hex() for one in hashes]}
    (tmp_path / "proof.json").write_text(json.dumps(proof))
    assert desk.check(renewed, alone, "--consistency", "proof.json").code == 0
    (tmp_path / "proof.json").write_text(json.dumps(proof | {"hashes": proof["hashes"][:-1]}))
    assert desk.check(renewed, alone, "--consistency", "proof.json").code == 1


async def test_anything_tampered_with_is_refused_clearly(record: Record, desk: Desk, tmp_path: Path) -> None:
    tracking = await record.life(3)
    await record.sealer.seal()
    made, heads = await receipt(record.pool, record.keys, tracking), await published(record, tmp_path)
    chance = random.Random(1)
    for _ in range(25):
        spoilt = copy.deepcopy(made)
        _spoil(spoilt, chance)
        refused = desk.check(spoilt, heads)
        assert refused.code == 1, json.dumps(spoilt)[:200]
        assert "DITOLAK" in refused.out
        assert "REFUSED" in refused.out
    for text in ("", "[]", "{}", '{"form": "kawal-receipt-1"}', "\x00", '{"form":' + "[" * 100_000):
        assert desk.check(text, heads).code in (1, 2)
    for bad in ("", "{}", heads.replace('"size": ', '"size": 1'), heads[:-20]):
        assert desk.check(made, bad).code in (1, 2)


async def test_a_receipt_cut_short_is_valid_for_no_more_than_it_has(record: Record, desk: Desk, tmp_path: Path) -> None:
    tracking = await record.life(3)
    await record.sealer.seal()
    made, heads = await receipt(record.pool, record.keys, tracking), await published(record, tmp_path)
    for rows in (len(made["rows"]), 2):
        told = desk.check(made | {"rows": made["rows"][:rows], "not_sealed_yet": 987654321}, heads)
        assert told.code == 0
        assert f"Only the first {rows} events are proven; later ones may exist" in told.out
        assert "987654321" not in told.out, "its maker's word, which is under no signature"


async def test_the_receipt_of_another_log_is_refused(record: Record, desk: Desk, tmp_path: Path) -> None:
    tracking = await record.life(3)
    await record.sealer.seal()
    made, heads = await receipt(record.pool, record.keys, tracking), await published(record, tmp_path)
    other = json.loads(heads.splitlines()[0]) | {"log": "0" * 64}
    refused = desk.check(made, json.dumps(other))
    assert (refused.code, "another log" in refused.out) == (1, True)


async def test_no_receipt_is_given_for_what_is_not_as_sealed(record: Record) -> None:
    tracking = await record.life(3)
    await record.sealer.seal()
    with pytest.raises(Refusal):
        await receipt(record.pool, record.keys, "9999999")
    async with record.pool.acquire() as conn:
        await conn.execute("alter table event disable trigger all")
        await conn.execute("update event set hash = decode(repeat('00', 32), 'hex') where seq = 1")
    with pytest.raises(NotAsSealed, match=f"complaint-{tracking} 1"):
        await receipt(record.pool, record.keys, tracking)


def _spoil(value: dict[str, Any], chance: random.Random) -> None:
    """Change one thing that is checked."""
    row = chance.choice(value["rows"])

    def field() -> None:
        place = chance.randrange(len(row["row"]))
        row["row"][place][1] += "0" if row["row"][place][0] != "b" else "00"

    def twist(holder: Any, key: Any) -> Callable[[], None]:
        def act() -> None:
            text = holder[key]
            holder[key] = ("0" if text[0] != "0" else "1") + text[1:]

        return act

    def gone() -> None:
        value["rows"].remove(row)
        value["rows"] = value["rows"] if row is not value["rows"] and value["rows"] else []

    def moved() -> None:
        row["leaf"] += 1

    acts = [field, moved, twist(row, "hash"), twist(row, "prev_hash"), twist(row["proof"], 0)]
    acts += [twist(value["head"], "root"), twist(value["head"], "signature"), twist(value["head"], "at")]
    acts += [twist(value["keys"]["keys"][0], "public"), twist(value["keys"]["keys"][0], "endorsement")]
    acts += [twist(value, "log"), twist(value, "chain")]
    if row is not value["rows"][-1]:
        acts.append(gone)
    chance.choice(acts)()
