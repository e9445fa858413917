"""A complaint's case file, to be handed to the Ombudsman: its whole history, and the row of each event and of each act
beside the process with all that its hash is computed from.

The JSON form can be checked with SHA-256 alone, without this installation and without a key. Every export is put on
record.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from kawal.audit.history.chronicle import Chronicle, Chronicles, Person
from kawal.audit.proof.receipt import NotAsSealed, NotSealedYet, act_leaf, receipt
from kawal.client.complaints import Complaints
from kawal.domain.access import Act, stated
from kawal.domain.messages import Actor
from kawal.proof.chain import EVENT_FIELDS, EVENT_TAG, SIDE_ACT_FIELDS, SIDE_ACT_TAG, told
from kawal.proof.heads import Head
from kawal.store.raw_letters import RawLetterLine
from kawal.wording.catalogues import Lang

FORM = "kawal-case-file-1"

HOW_TO_CHECK = (
    "Each hash in `rows` is SHA-256 over these parts in order, each preceded by its length in 8 bytes, big-endian: the "
    f"tag `{EVENT_TAG.decode()}`; the predecessor's hash (32 bytes; 32 zero bytes for the first row); then each field "
    "of `row` in order: its type's letter and its text in UTF-8, where the text of a `b` is the bytes that its hex "
    "digits stand for. `prev_hash` of a row is `hash` of the one before. Where `receipt` stands, it proves that the "
    "rows are in the published log (docs/audit.md)."
)

HOW_TO_CHECK_ACTS = (
    f"The hashes in `act_rows` are made in the same way, with the tag `{SIDE_ACT_TAG.decode()}`. The acts of all "
    "complaints are one chain, so a row's predecessor may be an act on another one: its hash is `prev_hash`. Where "
    "`leaf` stands, `proof` leads from the row to the `root` of the receipt's `head` (RFC 9162, 2.1.3.2): the leaf's "
    "data are `kawal-leaf-1`, `side_act`, the row's first field and `hash`, each followed by a newline."
)


class Row(BaseModel):
    """One event's row as it is stored."""

    row: list[list[str]]
    """EVENT_FIELDS in order, each as its type's letter and its text (proof.chain)."""
    prev_hash: str
    hash: str


class ActRow(BaseModel):
    """The row of one act beside the process as it is stored, and its proof under the receipt's head."""

    row: list[list[str]]
    """SIDE_ACT_FIELDS in order, each as its type's letter and its text (proof.chain)."""
    prev_hash: str
    hash: str
    leaf: int | None = None
    """Its place in the log; None while it is not under that head."""
    proof: list[str] = Field(default_factory=list)


class CaseFile(BaseModel):
    """All that is on record about one complaint, for somebody outside the agency."""

    form: str = FORM
    made_at: datetime
    made_by: Person
    purpose: str
    chronicle: Chronicle
    letters: list[RawLetterLine]
    """The letters that it came with, without their content: `sha256` fits the one that `kawal letter show` writes."""
    how_to_check: str = HOW_TO_CHECK
    fields: list[str] = list(EVENT_FIELDS)
    rows: list[Row]
    """The words in them are encrypted: after an erasure nobody can decrypt them, and their hashes still verify."""
    how_to_check_acts: str = HOW_TO_CHECK_ACTS
    act_fields: list[str] = list(SIDE_ACT_FIELDS)
    act_rows: list[ActRow]
    """Releases and redactions. Supports are not among them: whose they are is nobody's to know."""
    receipt: dict[str, Any] | None
    """The proof that the rows are in the published log; None while they are not sealed."""
    sealing: str
    """`sealed`, `not_yet`, or `differs` (the rows are not those that were sealed: run `kawal audit verify`)."""


class CaseFiles:
    """Makes case files."""

    def __init__(self, complaints: Complaints) -> None:
        """Work through the client of a running system."""
        self._complaints = complaints

    async def make(
        self, tracking_id: str, actor: Actor, *, purpose: str | None, identity: bool, via: str, form: str, lang: Lang
    ) -> CaseFile:
        """Return a complaint's case file as it is now, after putting the export on record.

        Only overseers may export one, and only for a stated purpose; `identity` includes who the reporter is. Raises
        Refusal (on record), SystemUnavailable, KeyUnavailable.
        """
        complaints = self._complaints
        row = await complaints.authority.reading(
            actor, Act.TAKE_CASE_FILE, tracking_id, via=via, purpose=purpose, identity=identity, facts={"form": form}
        )
        seen = complaints.seen_by(actor)
        chronicle = await Chronicles(complaints, seen).of(row, words=True, identity=identity, lang=lang)
        proof, sealing = await self._proof(tracking_id)
        acts, sealing_of_acts = await self._acts(tracking_id, proof)
        return CaseFile(
            made_at=complaints.now(),
            made_by=Person.model_validate(actor.model_dump(exclude={"instansi"})),
            purpose=stated(purpose) or "",
            chronicle=chronicle,
            letters=await seen.record.raw_letters.lines(tracking_id),
            rows=await self._rows(tracking_id),
            act_rows=acts,
            receipt=proof,
            sealing="differs" if "differs" in (sealing, sealing_of_acts) else sealing,
        )

    async def _rows(self, tracking_id: str) -> list[Row]:
        rows = await self._complaints.system.complaint_rows.events_as_stored(tracking_id)
        return [
            Row(
                row=[told(row[field]) for field in EVENT_FIELDS],
                prev_hash=row["prev_hash"].hex(),
                hash=row["hash"].hex(),
            )
            for row in rows
        ]

    async def _acts(self, tracking_id: str, proof: dict[str, Any] | None) -> tuple[list[ActRow], str]:
        """Return the acts' rows, each that is sealed with its proof, and whether they are as they were sealed."""
        complaints, sealing = self._complaints, "sealed"
        head = None if proof is None else Head.from_json(proof["head"])
        acts = []
        for row in await complaints.system.complaint_rows.acts_as_stored(tracking_id):
            told_row = [told(row[field]) for field in SIDE_ACT_FIELDS]
            act = ActRow(row=told_row, prev_hash=row["prev_hash"].hex(), hash=row["hash"].hex())
            try:
                found = None if head is None else await act_leaf(complaints.pool, head, row)
            except NotAsSealed:
                found, sealing = None, "differs"
            if found is not None:
                act.leaf, act.proof = found.leaf, [one.hex() for one in found.proof]
            acts.append(act)
        return acts, sealing

    async def _proof(self, tracking_id: str) -> tuple[dict[str, Any] | None, str]:
        complaints = self._complaints
        try:
            return await receipt(complaints.pool, complaints.system.keys, tracking_id), "sealed"
        except NotSealedYet:
            return None, "not_yet"
        except NotAsSealed:
            return None, "differs"


def printed(case: CaseFile, lang: Lang) -> bytes:
    """Return the case file as PDF; run it in a thread: the first reads in what makes PDFs, which nothing else needs."""
    from kawal.audit.history.case_file_pdf import as_pdf

    return as_pdf(case, lang)
