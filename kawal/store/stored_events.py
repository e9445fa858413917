"""Events as they are stored: plain-text columns, one encrypted column for what people wrote, and the chain."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from kawal.crypto.encryption import DataKey, decrypt, encrypt
from kawal.domain.messages import Actor, Answer, Event
from kawal.domain.names import EventKind, Role, Status
from kawal.proof.chain import EVENT_FIELDS, event_hash

COLUMNS = (*EVENT_FIELDS, "prev_hash", "hash")


class StoredEvent(NamedTuple):
    """A row of the event table, in the order of COLUMNS (`new_event` in schema.sql)."""

    workflow_id: str
    seq: int
    tracking_id: str
    at: Any
    recorded_at: Any
    kind: str
    actor_role: str
    actor_account: str
    actor_opd: str | None
    status: str
    facts: dict[str, Any]
    idempotency_mac: bytes | None
    ciphertext: bytes
    prev_hash: bytes
    hash: bytes


def to_stored(
    event: Event, workflow_id: str, tracking_id: str, key: DataKey, idempotency_mac: bytes | None, prev: bytes
) -> StoredEvent:
    """Encrypt an event and chain it to its predecessor's hash."""
    fields = (
        workflow_id,
        event.seq,
        tracking_id,
        event.at,
        event.recorded_at,
        str(event.kind),
        str(event.actor.role),
        event.actor.account,
        event.actor.opd,
        str(event.status),
        event.facts,
        idempotency_mac,
        encrypt(key, _secret(event), _aad(workflow_id, event.seq)),
    )
    return StoredEvent(*fields, prev, event_hash(prev, fields))


def from_stored(row: Any, key: DataKey | None) -> Event:
    """Decrypt a stored event; without a key (destroyed) the process record is left.

    Raises NotAuthentic if its ciphertext is not what was encrypted for that place.
    """
    secret: dict[str, Any] = {}
    if key is not None:
        secret = json.loads(decrypt(key, row["ciphertext"], _aad(row["workflow_id"], row["seq"])))
    answer = secret.get("answer")
    return Event(
        seq=row["seq"],
        at=row["at"],
        recorded_at=row["recorded_at"],
        kind=EventKind(row["kind"]),
        actor=Actor(
            role=Role(row["actor_role"]),
            account=row["actor_account"],
            opd=row["actor_opd"],
            name=secret.get("name"),
            instansi=secret.get("instansi"),
            **acted_as(row["facts"]),
        ),
        status=Status(row["status"]),
        facts=row["facts"],
        words=secret.get("words", {}),
        idempotency_key=secret.get("idempotency_key"),
        digest=secret.get("digest"),
        answer=None if answer is None else Answer.model_validate(answer),
    )


def acted_as(facts: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an actor that stand among the facts of what they did."""
    return {"deputy_for": facts.get("deputy_for"), "operator": facts.get("operator") is True}


def _secret(event: Event) -> bytes:
    """Return the plaintext of the ciphertext; absent entries mean None or empty."""
    content = {
        "words": event.words or None,
        "name": event.actor.name,
        "instansi": event.actor.instansi,
        "idempotency_key": event.idempotency_key,
        "digest": event.digest,
        "answer": None if event.answer is None else event.answer.model_dump(mode="json"),
    }
    return json.dumps({name: value for name, value in content.items() if value is not None}).encode()


def _aad(workflow_id: str, seq: int) -> bytes:
    return f"event\x00{workflow_id}\x00{seq}".encode()
