#!/usr/bin/env python3
"""Memeriksa tanda terima Kawal tanpa Kawal. / Checks a Kawal receipt without Kawal.

    python verify_receipt.py RECEIPT.json HEADS [--keys KEYS.json] [--consistency PROOF.json]

HEADS is a published file of heads (`heads.jsonl`), or one head; best one that you kept yourself. Needs Python 3.9 or
later and the package `cryptography`; it reads the files named and nothing else, and asks no server.

Exit code: 0 everything holds, 1 something does not, 2 a file cannot be read.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

MOST_BYTES = 64 * 1024 * 1024

FORM = "kawal-receipt-1"

FIELDS = ["workflow_id", "seq", "tracking_id", "at", "recorded_at", "kind", "actor_role", "actor_account", "actor_opd"]
FIELDS += ["status", "facts", "idempotency_mac", "ciphertext"]

DAMAGED = (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError)
"""What is raised by parts that are not what they should be."""


class ReceiptRejection(Exception):  # noqa: N818 - names what came out
    """The receipt does not hold; both texts say why."""

    def __init__(self, indonesian: str, english: str) -> None:
        """Keep the reason in both languages."""
        super().__init__(english)
        self.indonesian, self.english = indonesian, english


class UnreadableFile(Exception):  # noqa: N818 - names the condition
    """A file that is not what it should be."""


def need(condition: bool, indonesian: str, english: str) -> None:
    """Refuse unless the condition holds."""
    if not condition:
        raise ReceiptRejection(indonesian, english)


# --- Reading ---------------------------------------------------------------------------------------------------------


def read(path: str) -> str:
    """Return the text of a file; raises UnreadableFile."""
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise UnreadableFile(f"{path}: > {MOST_BYTES} bytes")
        return content.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{path}: {error}") from None


def read_json(path: str) -> dict[str, Any]:
    """Return a JSON object; raises UnreadableFile."""
    try:
        value = json.loads(read(path))
    except (ValueError, RecursionError):
        raise UnreadableFile(f"{path}: bukan JSON / no JSON") from None
    if not isinstance(value, dict):
        raise UnreadableFile(f"{path}: bukan objek JSON / no JSON object")
    return value


def read_heads(path: str) -> list[Any]:
    """Return the heads of a file; raises UnreadableFile."""
    text = read(path)
    try:
        try:
            found = [json.loads(text)]
        except ValueError:
            found = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        raise UnreadableFile(f"{path}: bukan JSON / no JSON") from None
    if not found or not all(isinstance(one, dict) and one.get("form") == "kawal-head-1" for one in found):
        raise UnreadableFile(f"{path}: bukan pernyataan bersegel / no head of a log")
    return found


def instant(text: str) -> datetime:
    """Parse an instant as heads and keys write it."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)  # noqa: UP017 - also for older Pythons


# --- Keys and heads --------------------------------------------------------------------------------------------------


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether that Ed25519 key signed that message."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def lines(*parts: object) -> bytes:
    """Join the parts, one on each line."""
    return "".join(f"{part}\n" for part in parts).encode()


def check_keys(keys: dict[str, Any], log: str) -> dict[str, Any]:
    """Return the keys by id, each endorsed by the one before it; the first one's id is the log's name."""
    found: dict[str, Any] = {}
    before = None
    for key in keys["keys"]:
        public = bytes.fromhex(key["public"])
        endorser = before or key
        text = lines("kawal-signing-key-1", log, key["id"], key["public"], key["from"], endorser["id"])
        need(
            hashlib.sha256(public).hexdigest() == key["id"]
            and key["endorsed_by"] == endorser["id"]
            and (before is None or before["until"] == key["from"])
            and is_signed(bytes.fromhex(endorser["public"]), text, bytes.fromhex(key["endorsement"])),
            f"Kunci {key['id'][:16]} tidak disahkan pendahulunya.",
            f"Key {key['id'][:16]} is not endorsed by the one before it.",
        )
        found[key["id"]] = key
        before = key
    need(
        bool(found) and next(iter(found)) == log,
        "Kunci-kunci ini milik log lain.",
        "These keys are those of another log.",
    )
    return found


def check_head(head: dict[str, Any], keys: dict[str, Any], log: str) -> None:
    """Check that the head is of that log, and that a key of the set signed it while it was in use."""
    need(
        head["log"] == log,
        f"Pernyataan bersegel atas {head['size']} entri berasal dari log lain.",
        f"The head of size {head['size']} is of another log.",
    )
    key = keys.get(head["signing_key"], {})
    need(
        "from" in key
        and instant(key["from"]) <= instant(head["at"])
        and (key["until"] is None or instant(head["at"]) <= instant(key["until"])),
        f"Pernyataan bersegel atas {head['size']} entri ditandatangani dengan kunci yang tidak berlaku.",
        f"The head of size {head['size']} was signed by a key that did not hold.",
    )
    text = lines("kawal-head-1", head["log"], head["size"], head["root"], head["at"], head["signing_key"])
    need(
        is_signed(bytes.fromhex(key["public"]), text, bytes.fromhex(head["signature"])),
        f"Tanda tangan pernyataan bersegel atas {head['size']} entri tidak sah.",
        f"The signature of the head of size {head['size']} does not hold.",
    )


# --- The Merkle tree (RFC 9162, 2.1) ---------------------------------------------------------------------------------


def inner(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node from its children's."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def is_included(leaf: bytes, index: int, size: int, proof: list[Any], root: bytes) -> bool:
    """Tell whether the leaf stands at that place in the tree with that root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, made = index, size - 1, leaf
    for hash_ in proof:
        if last == 0:
            return False
        if at & 1 or at == last:
            made = inner(hash_, made)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            made = inner(made, hash_)
        at, last = at >> 1, last >> 1
    return last == 0 and made == root


def is_consistent(older: int, older_root: bytes, newer: int, newer_root: bytes, proof: list[Any]) -> bool:
    """Tell whether the newer tree is the older one with leaves added at its end (2.1.4.2)."""
    if not 0 < older < newer:
        return older == newer > 0 and older_root == newer_root and not proof
    hashes = [older_root, *proof] if older & (older - 1) == 0 else list(proof)
    if not hashes:
        return False
    at, last = older - 1, newer - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old = new = hashes[0]
    for hash_ in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            old, new = inner(hash_, old), inner(hash_, new)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            new = inner(new, hash_)
        at, last = at >> 1, last >> 1
    return last == 0 and old == older_root and new == newer_root


# --- The rows --------------------------------------------------------------------------------------------------------


def row_hash(prev: bytes, row: list[Any]) -> bytes:
    """Return SHA-256 over the tag, the predecessor's hash and the fields, each preceded by its length in 8 bytes."""
    parts = [b"kawal-event-1", prev]
    for letter, text in row:
        need(
            letter in ("n", "i", "t", "s", "j", "b"),
            "Ada kolom dengan jenis yang tidak dikenal.",
            "There is a field of an unknown kind.",
        )
        parts.append(letter.encode() + (bytes.fromhex(text) if letter == "b" else text.encode()))
    return hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).digest()


def check_rows(receipt: dict[str, Any]) -> Iterator[tuple[str]]:
    """Check that each row matches its hash, follows the one before it, and stands in the tree of the receipt's head.

    Yields a line for each that does.
    """
    chain, head = receipt["chain"], receipt["head"]
    root, prev = bytes.fromhex(head["root"]), bytes(32)
    for number, sealed in enumerate(receipt["rows"], 1):
        fields = dict(zip(FIELDS, (text for _, text in sealed["row"])))  # noqa: B905 - as above
        hash_ = bytes.fromhex(sealed["hash"])
        need(
            len(sealed["row"]) == len(FIELDS) and fields["workflow_id"] == chain and fields["seq"] == str(number),
            f"Baris ke-{number} bukan peristiwa {number} laporan ini.",
            f"Row {number} is not event {number} of this complaint.",
        )
        need(
            bytes.fromhex(sealed["prev_hash"]) == prev and row_hash(prev, sealed["row"]) == hash_,
            f"Peristiwa {number} diubah: isinya tidak menghasilkan nilai hash-nya.",
            f"Event {number} was changed: what it holds does not give its hash.",
        )
        leaf = hashlib.sha256(b"\x00" + lines("kawal-leaf-1", chain, number, hash_.hex())).digest()
        proof = [bytes.fromhex(one) for one in sealed["proof"]]
        need(
            is_included(leaf, sealed["leaf"], head["size"], proof, root),
            f"Peristiwa {number} tidak terbukti ada dalam log.",
            f"Event {number} is not shown to be in the log.",
        )
        at = datetime.fromtimestamp(int(fields["at"]) // 1_000_000, timezone.utc)  # noqa: UP017
        yield (f"{number:>4}  {at:%Y-%m-%d %H:%M} UTC  {fields['kind']:<18} {fields['status']}",)
        prev = hash_


# --- Everything ------------------------------------------------------------------------------------------------------


def check_published(
    receipt: dict[str, Any], heads: list[Any], keys: dict[str, Any], proof: dict[str, Any] | None
) -> Iterator[tuple[str, str]]:
    """Check that the receipt's head is a published one, or that a published one grew from it; yields what it found."""
    head, log = receipt["head"], receipt["log"]
    for one in heads:
        check_head(one, keys, log)
    same = [one for one in heads if one["size"] == head["size"]]
    for one in same:
        need(
            one["root"] == head["root"],
            "Pernyataan terbitan yang sama besarnya berbeda: log ini bercabang atau tanda terimanya palsu.",
            "The published head of that size differs: the log was forked, or the receipt is forged.",
        )
    if same:
        yield (
            f"Pernyataan bersegel tanda terima ({head['size']} entri) ada di antara {len(heads)} pernyataan terbitan.",
            f"The receipt's head ({head['size']} leaves) is among the {len(heads)} published heads.",
        )
    if proof is None:
        need(
            bool(same),
            "Pernyataan bersegel tanda terima tidak ada dalam berkas; sertakan --consistency ke yang lebih baru.",
            "The receipt's head is not in the file of heads; give --consistency to a later one.",
        )
        return
    hashes = [bytes.fromhex(one) for one in proof["hashes"]]
    later = [one for one in heads if one["size"] == proof["newer"]]
    need(
        proof["older"] == head["size"]
        and bool(later)
        and is_consistent(
            head["size"], bytes.fromhex(head["root"]), proof["newer"], bytes.fromhex(later[0]["root"]), hashes
        ),
        "Bukti konsistensi tidak menghubungkan pernyataan bersegel tanda terima dengan pernyataan terbitan.",
        "The consistency proof does not connect the receipt's head with a published head.",
    )
    yield (
        f"Log hanya bertambah dari {head['size']} ke {proof['newer']} entri (pernyataan bersegel {later[0]['at']}).",
        f"The log only grew from {head['size']} to {proof['newer']} leaves (head of {later[0]['at']}).",
    )


def check_receipt(
    receipt: dict[str, Any],
    heads: list[Any],
    proof: dict[str, Any] | None = None,
    kept_keys: dict[str, Any] | None = None,
) -> Iterator[tuple[str, ...]]:
    """Check everything, yielding what holds: in each language, or once where it is the same in both.

    Raises ReceiptRejection, and one of DAMAGED where parts of it are not what they should be. It holds only if all was
    yielded.
    """
    log = receipt["log"]
    need(
        all(head["log"] == log for head in heads),
        "Log tanda terima ini lain daripada log pernyataan terbitan.",
        "This receipt is of another log than the published heads.",
    )
    keys = check_keys(receipt["keys"], log)
    if kept_keys is not None:
        check_keys(kept_keys, log)
        need(
            all(keys.get(key["id"], {}).get("public") == key["public"] for key in kept_keys["keys"]),
            "Kunci yang Anda simpan tidak ada dalam tanda terima.",
            "Keys that you kept are not in the receipt.",
        )
    yield (
        f"Log {log[:16]}…: {len(keys)} kunci, masing-masing disahkan pendahulunya.",
        f"Log {log[:16]}…: {len(keys)} keys, each endorsed by the one before.",
    )
    check_head(receipt["head"], keys, log)
    yield (
        f"Pernyataan bersegel (signed head) atas {receipt['head']['size']} entri, bertanggal {receipt['head']['at']}.",
        f"Head of {receipt['head']['size']} leaves, signed {receipt['head']['at']}.",
    )
    yield from check_rows(receipt)
    need(bool(receipt["rows"]), "Tanda terima ini kosong.", "This receipt is empty.")
    yield (
        f"{len(receipt['rows'])} peristiwa pertama {receipt['chain']} utuh, berurutan, dan ada dalam log.",
        f"The first {len(receipt['rows'])} events of {receipt['chain']} are whole, in order, and in the log.",
    )
    yield from check_published(receipt, heads, keys, proof)
    # The number of further events ("not_sealed_yet") is a claim of the receipt's maker that nothing here proves, so it
    # is not repeated.
    yield (
        f"Terbukti hanya {len(receipt['rows'])} peristiwa pertama; mungkin ada yang lebih baru, yang tidak termasuk.",
        f"Only the first {len(receipt['rows'])} events are proven; later ones may exist that are not part of it.",
    )


def check_files(arguments: argparse.Namespace) -> None:
    """Check the files that the command line names; raises as check_receipt does, and UnreadableFile."""
    receipt = read_json(arguments.receipt)
    if receipt.get("form") != FORM:
        raise UnreadableFile(f"{arguments.receipt}: bukan tanda terima Kawal / no Kawal receipt")
    heads = read_heads(arguments.heads)
    proof = None if arguments.consistency is None else read_json(arguments.consistency)
    kept_keys = None if arguments.keys is None else read_json(arguments.keys)
    for told in check_receipt(receipt, heads, proof, kept_keys):
        print("  " + "\n    ".join(told))


def main() -> int:
    """Check the files that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("receipt")
    parser.add_argument("heads")
    parser.add_argument("--keys", help="keys.json yang Anda simpan / that you kept")
    parser.add_argument("--consistency", help="bukti konsistensi / a consistency proof (JSON)")
    arguments = parser.parse_args()
    try:
        check_files(arguments)
    except ReceiptRejection as error:
        print(f"DITOLAK: {error.indonesian}\nREFUSED: {error.english}")
        return 1
    except UnreadableFile as error:
        print(f"TIDAK TERBACA / UNREADABLE: {error}", file=sys.stderr)
        return 2
    except DAMAGED:
        print("DITOLAK: berkas ini tidak lengkap atau rusak.\nREFUSED: this file is incomplete or damaged.")
        return 1
    print("SAH: tanda terima ini cocok dengan pernyataan bersegel yang diterbitkan.")
    print("VALID: this receipt agrees with the published head.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
