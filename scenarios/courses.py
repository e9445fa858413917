"""The common courses of lives: answered, asked about, passed between OPDs. Each function makes one draft."""

from __future__ import annotations

from scenarios.draft import Draft

WRONG = ("DPUPR", "DISHUB", "DINSOS", "DISPERKIM", "DLHK", "SATPOLPP")
SECOND = {
    "DPUPR": "DISPERKIM",
    "DISHUB": "SATPOLPP",
    "DLHK": "DPUPR",
    "DINSOS": "DPMD-DUKCAPIL",
    "DISDIK": "BKD-KORPRI",
}


def _second(draft: Draft) -> str:
    return SECOND.get(draft.opd, "BIRO-PEMOTDA")


def _brief(draft: Draft) -> bool:
    """Return whether the limit is the five working days of requests and aspirations, so that nothing may wait long."""
    return str(draft.topic["kelas"]) != "pengaduan"


def _final_days(draft: Draft) -> int:
    return draft.dice.whole(1, 3) if _brief(draft) else draft.dice.weighted({1: 15, 2: 25, 3: 30, 4: 30})


# --- Ordinary courses ------------------------------------------------------------------------------------------------


def accepted(draft: Draft) -> None:
    """Answer at once, and let the reporter accept."""
    draft.sent()
    draft.final(_final_days(draft))
    draft.accept(draft.dice.whole(0, 6))


def accepted_quickly(draft: Draft) -> None:
    """Finish everything within a few days, as at the end of a year."""
    draft.start()
    draft.verify(0)
    draft.forward()
    draft.final(1)
    draft.accept(draft.dice.whole(0, 1))


def accepted_after_progress(draft: Draft) -> None:
    """Follow up with progress first, and finally later."""
    draft.sent()
    draft.interim(1 if _brief(draft) else draft.dice.whole(1, 4))
    draft.final(1 if _brief(draft) else draft.dice.whole(2, 7))
    draft.accept(draft.dice.whole(0, 5))
    if draft.dice.chance(20):
        draft.citizen_does(draft.citizen(1), "reply", text=draft.says("balasan_terima_kasih"))


def silent(draft: Draft) -> None:
    """Let the reporter say nothing more: closed after ten working days, some rated later."""
    draft.sent()
    if not _brief(draft) and draft.dice.chance(30):
        draft.interim(draft.dice.whole(1, 3))
    draft.final(_final_days(draft))
    if draft.dice.chance(30):
        draft.rate(draft.dice.whole(20, 27))


def thanked_then_silent(draft: Draft) -> None:
    """Let the reporter's thanks restart the ten days."""
    draft.sent()
    draft.final(_final_days(draft))
    draft.citizen_does(draft.citizen(draft.dice.whole(1, 4)), "reply", text=draft.says("balasan_terima_kasih"))


def closed(draft: Draft) -> None:
    """Let the admin close with grounds."""
    draft.sent()
    draft.final(_final_days(draft))
    draft.citizen_does(draft.citizen(1), "reply", text=draft.says("balasan_terima_kasih"))
    draft.admin(draft.office(draft.dice.whole(1, 3)), "close", grounds=draft.says("alasan_tutup"))
    if draft.dice.chance(35):
        draft.rate(draft.dice.whole(1, 9))


def handled(draft: Draft) -> None:
    """Let the agency answer itself (Kelola), sometimes straight from the start."""
    draft.start()
    if draft.dice.chance(60):
        draft.admin(draft.office(draft.dice.whole(0, 1)), "handle", **draft.decided())
    else:
        draft.verify()
        draft.admin(draft.soon(), "handle", note=draft.says("catatan_terus"))
    draft.admin(draft.office(draft.dice.whole(1, 3)), "follow_up", text=draft.says("akhir"), final=True)
    draft.accept(draft.dice.whole(0, 5))


# --- The reporter is asked -------------------------------------------------------------------------------------------


def held(draft: Draft) -> None:
    """Hold the report for lack of information; the reporter completes it."""
    draft.start()
    draft.admin(draft.office(draft.dice.whole(0, 1)), "hold", missing=draft.says("kurang"))
    draft.citizen_does(
        draft.citizen(draft.dice.whole(1, 8)),
        "reply",
        text=draft.says("balasan_lengkap"),
        files=[f"foto-{draft.number}.jpg"],
    )
    draft.verify(0)
    draft.forward()
    draft.final(_final_days(draft))
    if draft.dice.chance(50):
        draft.accept(draft.dice.whole(0, 5))


def asked(draft: Draft) -> None:
    """Ask a question, have it answered, and then do the work."""
    draft.sent()
    draft.liaison(draft.office(1), "ask", question=draft.says("tanya"))
    draft.citizen_does(draft.citizen(draft.dice.whole(0, 5)), "reply", text=draft.says("balasan_tanya"))
    draft.final(draft.dice.whole(1, 3))
    if draft.dice.chance(60):
        draft.accept(draft.dice.whole(1, 5))


def asked_in_vain(draft: Draft) -> None:
    """Ask after the first follow-up without ever getting an answer, which ends the report."""
    draft.sent()
    draft.interim(draft.dice.whole(1, 3))
    draft.liaison(draft.office(1), "ask", question=draft.says("tanya"))


def asked_too_early(draft: Draft) -> None:
    """Ask before any follow-up; the question lapses, and the OPD works without an answer."""
    draft.sent()
    draft.admin(draft.office(1), "ask", question=draft.says("tanya"))
    draft.final(12)
    draft.accept(draft.dice.whole(0, 4))


# --- Among the OPDs --------------------------------------------------------------------------------------------------


def returned(draft: Draft) -> None:
    """Forward to the wrong OPD first."""
    wrong = draft.dice.pick([code for code in WRONG if code != draft.opd])
    draft.start(chosen=wrong)
    draft.verify()
    draft.forward(wrong)
    draft.liaison(draft.office(1), "return", wrong, reason=draft.says("salah_alamat"))
    draft.forward(at=draft.office(draft.dice.whole(0, 1)))
    draft.final(draft.dice.whole(1, 4))
    if draft.dice.chance(60):
        draft.accept(draft.dice.whole(0, 4))


def two_opds(draft: Draft) -> None:
    """Involve two OPDs, each with its own final follow-up."""
    second = _second(draft)
    draft.sent(draft.opd, second)
    draft.interim(draft.dice.whole(1, 2))
    draft.final(draft.dice.whole(1, 2), second)
    draft.final(draft.dice.whole(1, 4))
    draft.accept(draft.dice.whole(0, 5))


def withdrawn(draft: Draft) -> None:
    """Involve a second OPD that turns out not to be needed."""
    second = _second(draft)
    draft.sent(draft.opd, second)
    draft.interim(1)
    draft.admin(draft.office(1), "withdraw", opd=second, grounds=f"Cukup ditangani {draft.opd}.")
    draft.final(draft.dice.whole(1, 3))


def extended(draft: Draft) -> None:
    """Ask for more time, which is granted."""
    draft.sent()
    draft.interim(draft.dice.whole(2, 4))
    draft.liaison(draft.office(4), "extend", days=draft.dice.whole(3, 5), grounds=draft.says("alasan_perpanjangan"))
    draft.admin(draft.office(1), "grant")
    draft.final(draft.dice.whole(4, 5))
    if draft.dice.chance(60):
        draft.accept(draft.dice.whole(1, 5))


def extension_refused(draft: Draft) -> None:
    """Ask for more time, which is refused."""
    draft.sent()
    draft.interim(draft.dice.whole(2, 4))
    draft.liaison(draft.office(3), "extend", days=5, grounds=draft.says("alasan_perpanjangan"))
    draft.admin(draft.office(0), "refuse_extension", grounds="Bahan sudah tersedia, selesaikan sesuai tenggat.")
    draft.final(draft.dice.whole(1, 3))
    draft.accept(draft.dice.whole(0, 3))


def nudged(draft: Draft) -> None:
    """Call the OPD through the sub-coordinator on the last day, which helps."""
    draft.sent()
    draft.admin(draft.office(3), "nudge", opd=draft.opd, how=draft.says("cara_ingatkan"))
    draft.final(1)
    draft.accept(draft.dice.whole(0, 3))


def reclassified(draft: Draft) -> None:
    """Verify the report with the wrong class, and correct it while the OPD works."""
    draft.start()
    draft.verify(class_="permintaan_informasi")
    draft.forward()
    draft.admin(draft.office(1), "reclassify", class_="pengaduan", pengawasan=False)
    draft.interim(draft.dice.whole(1, 3))
    draft.final(draft.dice.whole(2, 6))
    draft.accept(draft.dice.whole(0, 4))


# --- With one step that the rules refuse -----------------------------------------------------------------------------


def impatient(draft: Draft) -> None:
    """Let the reporter accept before the final follow-up: refused."""
    draft.sent()
    draft.interim(2)
    draft.citizen_does(draft.citizen(1), "accept", refused=True, rating=4)
    draft.final(2)
    draft.accept(1)


def verified_twice(draft: Draft) -> None:
    """Let the admin verify again what is already with the OPD: refused."""
    draft.sent()
    draft.admin(draft.office(1), "verify", refused=True, **draft.decided())
    draft.final(1)
    draft.accept(2)


def returned_yet_answered(draft: Draft) -> None:
    """Let the OPD that returned the report answer it all the same: refused."""
    wrong = draft.dice.pick([code for code in WRONG if code != draft.opd])
    draft.start(chosen=wrong)
    draft.verify()
    draft.forward(wrong)
    draft.liaison(draft.office(1), "return", wrong, reason=draft.says("salah_alamat"))
    draft.forward(at=draft.office(0))
    draft.liaison(draft.office(0), "follow_up", wrong, refused=True, text=draft.says("selingan"))
    draft.final(2)


def extended_twice(draft: Draft) -> None:
    """Ask for more time a second time: refused."""
    draft.sent()
    draft.interim(3)
    draft.liaison(draft.office(4), "extend", days=5, grounds=draft.says("alasan_perpanjangan"))
    draft.admin(draft.office(1), "grant")
    draft.liaison(draft.office(3), "extend", refused=True, days=5, grounds=draft.says("alasan_perpanjangan"))
    draft.final(3)
    draft.accept(2)
