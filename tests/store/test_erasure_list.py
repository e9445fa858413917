"""The list of erasures: signed, chained, outside the database; a changed or foreign list is refused."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.domain.refusals import Refusal
from kawal.proof.signing import KeySet, PublicKey, endorsement_text, fresh_private, name_of, public_of, sign
from kawal.store.erasure_list import ErasureEntry, ErasureList

AT = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


class Keys:
    """An installation's signing keys in memory."""

    def __init__(self) -> None:
        self.private: list[bytes] = []
        self.public: list[PublicKey] = []
        self.rotate()

    def rotate(self) -> None:
        private = fresh_private()
        name, endorser = name_of(public_of(private)), (self.private or [private])[-1]
        before = self.public[-1].key_id if self.public else name
        log_id = self.public[0].key_id if self.public else name
        text = endorsement_text(log_id, name, public_of(private), AT, before)
        if self.public:
            self.public[-1] = self.public[-1]._replace(retired_at=AT)
        self.public.append(PublicKey(name, public_of(private), AT, None, before, sign(endorser, text)))
        self.private.append(private)

    async def sign(self, message: bytes) -> tuple[str, bytes]:
        return self.public[-1].key_id, sign(self.private[-1], message)

    async def public_keys(self) -> KeySet:
        return KeySet(self.public)

    @property
    def log_id(self) -> str:
        return self.public[0].key_id


def entry(number: int) -> ErasureEntry:
    return ErasureEntry(
        tracking_id=str(1_000_000 + number), at=AT, role="agency_admin", account="ab12cd34", ground="request"
    )


def refused(file: ErasureList, log_id: str | None) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        file.entries(log_id)
    return caught.value.code, caught.value.details["line"]


async def test_what_is_added_is_read_back_in_order_and_once(tmp_path: Path) -> None:
    keys, file = Keys(), ErasureList(tmp_path / "elsewhere" / "erasures.jsonl")
    assert file.entries() == []
    assert await file.append([entry(1), entry(2)], keys) == 2
    assert await file.append([entry(2), entry(3)], keys) == 1
    assert file.entries(keys.log_id) == [entry(1), entry(2), entry(3)]
    assert file.path.stat().st_mode & 0o777 == 0o600


async def test_several_processes_add_one_after_the_other(tmp_path: Path) -> None:
    keys, files = Keys(), [ErasureList(tmp_path / "list") for _ in range(5)]
    await asyncio.gather(*(file.append([entry(number)], keys) for number, file in enumerate(files)))
    assert sorted(one.tracking_id for one in files[0].entries(keys.log_id)) == [entry(n).tracking_id for n in range(5)]


async def test_a_new_signing_key_goes_on_with_the_list_and_the_list_alone_shows_that_it_may(tmp_path: Path) -> None:
    keys, file = Keys(), ErasureList(tmp_path / "list")
    await file.append([entry(1)], keys)
    keys.rotate()
    await file.append([entry(2), entry(3)], keys)
    keys.rotate()
    await file.append([entry(4)], keys)
    assert len(file.entries(keys.log_id)) == 4
    assert [("keys" in json.loads(line)) for line in file.path.read_text().splitlines()] == [True, True, False, True]


async def test_a_line_that_a_crash_left_unfinished_is_none_and_is_written_over(tmp_path: Path) -> None:
    keys, file = Keys(), ErasureList(tmp_path / "list")
    await file.append([entry(1), entry(2)], keys)
    content = file.path.read_bytes()
    file.path.write_bytes(content[:-30])
    assert file.entries(keys.log_id) == [entry(1)]
    assert await file.append([entry(2)], keys) == 1
    assert file.entries(keys.log_id) == [entry(1), entry(2)]


async def test_another_installations_list_is_refused_and_never_added_to(tmp_path: Path) -> None:
    keys, file = Keys(), ErasureList(tmp_path / "list")
    await file.append([entry(1)], keys)
    before = file.path.read_bytes()
    assert refused(file, Keys().log_id) == ("erasure_list_foreign", "1")
    with pytest.raises(Refusal):
        await file.append([entry(2)], Keys())
    assert file.path.read_bytes() == before


async def test_a_key_that_nobody_endorsed_does_not_count(tmp_path: Path) -> None:
    keys, thief, file = Keys(), Keys(), ErasureList(tmp_path / "list")
    await file.append([entry(1)], keys)
    thief.public = [keys.public[0]._replace(retired_at=AT), thief.public[0]._replace(endorsed_by=keys.log_id)]
    forged = ErasureList(tmp_path / "forged")
    forged.path.write_bytes(file.path.read_bytes())
    await forged.append([entry(2)], thief)
    assert refused(forged, keys.log_id) == ("erasure_list_tampered", "2")


@pytest.fixture(scope="module")
async def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[ErasureList, bytes, str]:
    keys, file = Keys(), ErasureList(tmp_path_factory.mktemp("list") / "list")
    await file.append([entry(number) for number in range(6)], keys)
    return file, file.path.read_bytes(), keys.log_id


@given(data=st.data())
def test_every_changed_removed_or_swapped_line_is_found(
    written: tuple[ErasureList, bytes, str], data: st.DataObject
) -> None:
    file, content, log_id = written
    lines = content.splitlines()
    number = data.draw(st.integers(0, len(lines) - 2))
    match data.draw(st.sampled_from(("change", "remove", "swap", "double", "byte"))):
        case "change":
            lines[number] = lines[number].replace(b"ab12cd34", b"ab12cd35")
        case "remove":
            del lines[number]
        case "swap":
            lines[number], lines[number + 1] = lines[number + 1], lines[number]
        case "double":
            lines.insert(number, lines[number])
        case "byte":
            place = data.draw(st.integers(0, len(lines[number]) - 1))
            other = data.draw(st.integers(0x20, 0x7E).filter(lambda byte: byte != lines[number][place]))
            lines[number] = lines[number][:place] + bytes([other]) + lines[number][place + 1 :]
    changed = ErasureList(file.path.with_name("changed"))
    changed.path.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(Refusal) as caught:
        changed.entries(log_id)
    assert caught.value.code in ("erasure_list_tampered", "erasure_list_foreign")
    assert int(caught.value.details["line"]) <= number + 2


async def test_garbage_is_refused(tmp_path: Path) -> None:
    for garbage in (
        b"{}\n",
        b"\xff\n",
        b"[1]\n",
        b"null\n",
        base64.b64encode(bytes(1000)) + b"\n",
        b"[" * 100_000 + b"\n",
    ):
        (tmp_path / "list").write_bytes(garbage)
        assert refused(ErasureList(tmp_path / "list"), None) == ("erasure_list_tampered", "1")
