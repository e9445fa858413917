"""A complaint goes on when its data key, or the system's, is rotated."""

from __future__ import annotations

from kawal.audit.proof.verify import Verification
from kawal.crypto.codec import DATA_KEY_ID, ENCRYPTED
from kawal.crypto.data_keys import SYSTEM
from kawal.desks.key_rotation import KeyRotation, owner_named
from kawal.domain.names import EventKind, Role, Status
from tests.workflows.life import Office


async def test_a_life_goes_on_under_a_new_data_key_and_what_the_old_one_encrypted_still_opens(office: Office) -> None:
    case = await office.receive()
    await case.verify()
    rotation, by = KeyRotation(office.complaints), await case.person(Role.ADMIN)
    await rotation.rotate_data(by, owner_named(case.tracking_id))
    await rotation.rotate_data(by, SYSTEM)
    await case.admin("forward", opds=["DPUPR"])
    await case.follow_up(final=True)
    await case.admin("close", grounds="Lubang sudah ditutup")
    assert (await office.complaints.snapshot(case.tracking_id)).status is Status.SELESAI
    said = {event.kind: event.words for event in await office.complaints.history(case.tracking_id)}
    assert said[EventKind.STARTED]["text"]
    assert said[EventKind.CLOSED]["grounds"] == "Lubang sudah ditutup"
    verification = Verification(office.complaints.pool, office.complaints.system.keys, engine=office.complaints.client)
    assert (await verification.all()).findings == []
    history = (await case.handle().fetch_history()).events
    encrypted_with = {
        payload.metadata[DATA_KEY_ID]
        for event in history
        for payload in event.workflow_execution_update_accepted_event_attributes.accepted_request.input.args.payloads
        if payload.metadata["encoding"] == ENCRYPTED
    }
    assert len(encrypted_with) == 2
