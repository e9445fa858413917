"""The common courses of lives: answered, asked about, passed between OPDs. Each function makes one life."""

from __future__ import annotations

from scenarios.life import Life

WRONG = ("DPUPR", "DISHUB", "DINSOS", "DISPERKIM", "DLHK", "SATPOLPP")
SECOND = {
    "DPUPR": "DISPERKIM",
    "DISHUB": "SATPOLPP",
    "DLHK": "DPUPR",
    "DINSOS": "DPMD-DUKCAPIL",
    "DISDIK": "BKD-KORPRI",
}


def _second(life: Life) -> str:
    return SECOND.get(life.opd, "BIRO-PEMOTDA")


def _brief(life: Life) -> bool:
    """Return whether the limit is the five working days of requests and aspirations, so that nothing may wait long."""
    return str(life.topic["kelas"]) != "pengaduan"


def _final_days(life: Life) -> int:
    return life.dice.whole(1, 3) if _brief(life) else life.dice.weighted({1: 15, 2: 25, 3: 30, 4: 30})


# --- Ordinary courses ------------------------------------------------------------------------------------------------


def accepted(life: Life) -> None:
    """Answer at once, and let the reporter accept."""
    life.sent()
    life.final(_final_days(life))
    life.accept(life.dice.whole(0, 6))


def accepted_quickly(life: Life) -> None:
    """Finish everything within a few days, as at the end of a year."""
    life.start()
    life.verify(0)
    life.forward()
    life.final(1)
    life.accept(life.dice.whole(0, 1))


def accepted_after_progress(life: Life) -> None:
    """Follow up with progress first, and finally later."""
    life.sent()
    life.interim(1 if _brief(life) else life.dice.whole(1, 4))
    life.final(1 if _brief(life) else life.dice.whole(2, 7))
    life.accept(life.dice.whole(0, 5))
    if life.dice.chance(20):
        life.citizen_does(life.citizen(1), "reply", text=life.says("balasan_terima_kasih"))


def silent(life: Life) -> None:
    """Let the reporter say nothing more: closed after ten working days, some rated later."""
    life.sent()
    if not _brief(life) and life.dice.chance(30):
        life.interim(life.dice.whole(1, 3))
    life.final(_final_days(life))
    if life.dice.chance(30):
        life.rate(life.dice.whole(20, 27))


def thanked_then_silent(life: Life) -> None:
    """Let the reporter's thanks restart the ten days."""
    life.sent()
    life.final(_final_days(life))
    life.citizen_does(life.citizen(life.dice.whole(1, 4)), "reply", text=life.says("balasan_terima_kasih"))


def closed(life: Life) -> None:
    """Let the admin close with grounds."""
    life.sent()
    life.final(_final_days(life))
    life.citizen_does(life.citizen(1), "reply", text=life.says("balasan_terima_kasih"))
    life.admin(life.office(life.dice.whole(1, 3)), "close", grounds=life.says("alasan_tutup"))
    if life.dice.chance(35):
        life.rate(life.dice.whole(1, 9))


def handled(life: Life) -> None:
    """Let the agency answer itself (Kelola), sometimes straight from the start."""
    life.start()
    if life.dice.chance(60):
        life.admin(life.office(life.dice.whole(0, 1)), "handle", **life.decided())
    else:
        life.verify()
        life.admin(life.soon(), "handle", note=life.says("catatan_terus"))
    life.admin(life.office(life.dice.whole(1, 3)), "follow_up", text=life.says("akhir"), final=True)
    life.accept(life.dice.whole(0, 5))


# --- The reporter is asked -------------------------------------------------------------------------------------------


def held(life: Life) -> None:
    """Hold the report for lack of information; the reporter completes it."""
    life.start()
    life.admin(life.office(life.dice.whole(0, 1)), "hold", missing=life.says("kurang"))
    life.citizen_does(
        life.citizen(life.dice.whole(1, 8)),
        "reply",
        text=life.says("balasan_lengkap"),
        files=[f"foto-{life.number}.jpg"],
    )
    life.verify(0)
    life.forward()
    life.final(_final_days(life))
    if life.dice.chance(50):
        life.accept(life.dice.whole(0, 5))


def asked(life: Life) -> None:
    """Ask a question, have it answered, and then do the work."""
    life.sent()
    life.liaison(life.office(1), "ask", question=life.says("tanya"))
    life.citizen_does(life.citizen(life.dice.whole(0, 5)), "reply", text=life.says("balasan_tanya"))
    life.final(life.dice.whole(1, 3))
    if life.dice.chance(60):
        life.accept(life.dice.whole(1, 5))


def asked_in_vain(life: Life) -> None:
    """Ask after the first follow-up without ever getting an answer, which ends the report."""
    life.sent()
    life.interim(life.dice.whole(1, 3))
    life.liaison(life.office(1), "ask", question=life.says("tanya"))


def asked_too_early(life: Life) -> None:
    """Ask before any follow-up; the question lapses, and the OPD works without an answer."""
    life.sent()
    life.admin(life.office(1), "ask", question=life.says("tanya"))
    life.final(12)
    life.accept(life.dice.whole(0, 4))


# --- Among the OPDs --------------------------------------------------------------------------------------------------


def returned(life: Life) -> None:
    """Forward to the wrong OPD first."""
    wrong = life.dice.pick([code for code in WRONG if code != life.opd])
    life.start(chosen=wrong)
    life.verify()
    life.forward(wrong)
    life.liaison(life.office(1), "return", wrong, reason=life.says("salah_alamat"))
    life.forward(at=life.office(life.dice.whole(0, 1)))
    life.final(life.dice.whole(1, 4))
    if life.dice.chance(60):
        life.accept(life.dice.whole(0, 4))


def two_opds(life: Life) -> None:
    """Involve two OPDs, each with its own final follow-up."""
    second = _second(life)
    life.sent(life.opd, second)
    life.interim(life.dice.whole(1, 2))
    life.final(life.dice.whole(1, 2), second)
    life.final(life.dice.whole(1, 4))
    life.accept(life.dice.whole(0, 5))


def withdrawn(life: Life) -> None:
    """Involve a second OPD that turns out not to be needed."""
    second = _second(life)
    life.sent(life.opd, second)
    life.interim(1)
    life.admin(life.office(1), "withdraw", opd=second, grounds=f"Cukup ditangani {life.opd}.")
    life.final(life.dice.whole(1, 3))


def extended(life: Life) -> None:
    """Ask for more time, which is granted."""
    life.sent()
    life.interim(life.dice.whole(2, 4))
    life.liaison(life.office(4), "extend", days=life.dice.whole(3, 5), grounds=life.says("alasan_perpanjangan"))
    life.admin(life.office(1), "grant")
    life.final(life.dice.whole(4, 5))
    if life.dice.chance(60):
        life.accept(life.dice.whole(1, 5))


def extension_refused(life: Life) -> None:
    """Ask for more time, which is refused."""
    life.sent()
    life.interim(life.dice.whole(2, 4))
    life.liaison(life.office(3), "extend", days=5, grounds=life.says("alasan_perpanjangan"))
    life.admin(life.office(0), "refuse_extension", grounds="Bahan sudah tersedia, selesaikan sesuai tenggat.")
    life.final(life.dice.whole(1, 3))
    life.accept(life.dice.whole(0, 3))


def nudged(life: Life) -> None:
    """Call the OPD through the sub-coordinator on the last day, which helps."""
    life.sent()
    life.admin(life.office(3), "nudge", opd=life.opd, how=life.says("cara_ingatkan"))
    life.final(1)
    life.accept(life.dice.whole(0, 3))


def reclassified(life: Life) -> None:
    """Verify the report with the wrong class, and correct it while the OPD works."""
    life.start()
    life.verify(class_="permintaan_informasi")
    life.forward()
    life.admin(life.office(1), "reclassify", class_="pengaduan", pengawasan=False)
    life.interim(life.dice.whole(1, 3))
    life.final(life.dice.whole(2, 6))
    life.accept(life.dice.whole(0, 4))


# --- With one step that the rules refuse -----------------------------------------------------------------------------


def impatient(life: Life) -> None:
    """Let the reporter accept before the final follow-up: refused."""
    life.sent()
    life.interim(2)
    life.citizen_does(life.citizen(1), "accept", refused=True, rating=4)
    life.final(2)
    life.accept(1)


def verified_twice(life: Life) -> None:
    """Let the admin verify again what is already with the OPD: refused."""
    life.sent()
    life.admin(life.office(1), "verify", refused=True, **life.decided())
    life.final(1)
    life.accept(2)


def returned_yet_answered(life: Life) -> None:
    """Let the OPD that returned the report answer it all the same: refused."""
    wrong = life.dice.pick([code for code in WRONG if code != life.opd])
    life.start(chosen=wrong)
    life.verify()
    life.forward(wrong)
    life.liaison(life.office(1), "return", wrong, reason=life.says("salah_alamat"))
    life.forward(at=life.office(0))
    life.liaison(life.office(0), "follow_up", wrong, refused=True, text=life.says("selingan"))
    life.final(2)


def extended_twice(life: Life) -> None:
    """Ask for more time a second time: refused."""
    life.sent()
    life.interim(3)
    life.liaison(life.office(4), "extend", days=5, grounds=life.says("alasan_perpanjangan"))
    life.admin(life.office(1), "grant")
    life.liaison(life.office(3), "extend", refused=True, days=5, grounds=life.says("alasan_perpanjangan"))
    life.final(3)
    life.accept(2)
