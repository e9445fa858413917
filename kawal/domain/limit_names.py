"""What the limits of a policy are called: words only, so that help and messages need no rules."""

from __future__ import annotations

from kawal.domain.msgids import Message, msgid

NAMES: dict[str, Message] = {
    "verify": msgid("verify and forward"),
    "forward_again": msgid("forward again"),
    "respond": msgid("first follow-up"),
    "complete_permintaan_informasi": msgid("completion of a request for information"),
    "complete_aspirasi": msgid("completion of a suggestion (aspirasi)"),
    "complete_pengaduan": msgid("completion of a complaint (pengaduan)"),
    "complete_pengawasan": msgid("completion of a supervisory complaint (berkadar pengawasan)"),
    "auto_close": msgid("automatic closing"),
    "hold": msgid("information from the reporter"),
    "question": msgid("the reporter's answer"),
    "instruct_max": msgid("the Inspectorate's instruction"),
    "take_over": msgid("completion by the Inspectorate"),
    "aftercare_days": msgid("aftercare"),
    "pause_cap": msgid("the most that pauses may add up to"),
    "extension_max": msgid("longest extension"),
    "resume_min": msgid("least time left on resuming"),
    "rung_two": msgid("escalation to the Sekretaris Daerah"),
    "rung_three": msgid("escalation to the head of the region"),
    "history_archive_years": msgid("keeping the archived histories"),
}
"""The name of each limit."""
