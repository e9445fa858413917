"""What `kawal audit` says."""

from __future__ import annotations

from kawal.domain.msgids import msgid

COMMANDS = {
    "audit": msgid("Proof of the record: seal, verify, receipts."),
    "audit verify": msgid("Verify the record: one complaint, or all."),
    "audit receipt": msgid("Write a receipt that anyone can check."),
    "audit seal": msgid("Seal what is new now."),
    "audit heads": msgid("Show the log's signed heads."),
    "audit keys": msgid("Show the public keys; --rotate starts using a new one."),
}

OPTIONS = {
    "verify_id": msgid("Tracking id; without one, everything is verified."),
    "verify_since": msgid("Compare only what changed since this day."),
    "kept_head": msgid("One or more signed heads that you kept elsewhere."),
    "kept_keys": msgid("The public keys that you kept."),
    "chains_only": msgid("Check the chains and the log only; faster."),
    "with_engine": msgid("Also compare with Temporal's history."),
    "receipt_file": msgid("File for the receipt."),
    "heads_limit": msgid("Show at most this many signed heads, newest first."),
    "rotate_key": msgid("Start using a new signing key."),
}

SENTENCES = {
    "verifying": msgid("Verifying"),
    "verify_done": msgid("{findings}"),
    "verify_one_or_since": msgid("Name one complaint, or --since."),
    "not_proof": msgid("{file} cannot be used: {detail}"),
    "receipt_written": msgid("{file}: {events}, under the signed head of size {size}. How to check it: docs/audit.md."),
    "receipt_later": msgid("Not sealed yet and not included: {events}."),
    "receipt_not_sealed": msgid(
        "This complaint is not sealed yet; try again after the next seal (every 15 minutes by default)."
    ),
    "receipt_not_as_sealed": msgid("No receipt: {where} no longer matches what was sealed. Run `kawal audit verify`."),
    "sealed": msgid("Sealed: {heads}; the log now has {leaves}; added to {file}: {published}."),
    "nothing_to_seal": msgid("There is nothing new to seal."),
    "sealing_waits": msgid("Not sealed: a writing transaction is still open; try again."),
    "nothing_sealed": msgid("Nothing has been sealed yet; run `kawal audit seal`."),
    "signing_key_rotated": msgid("New key {key}, endorsed by {old}; the old key still verifies old heads."),
}

COLUMNS = {
    "where": msgid("Where"),
    "log_size": msgid("Entries"),
    "log_root": msgid("Root"),
    "signing_key": msgid("Key"),
    "retired_at": msgid("Retired"),
}
