"""The courses of lives that reach the Inspectorate, are disputed or reopened, or are not over when the year ends."""

from __future__ import annotations

from datetime import datetime

from kawal.domain.calendar import JAKARTA
from scenarios.courses import accepted
from scenarios.life import Life
from scenarios.words import words

# --- Late: the Inspectorate is told -----------------------------------------------------------------------------------


def late_verifying(life: Life) -> None:
    """Verify too late."""
    life.start()
    life.verify(life.dice.whole(4, 5))
    life.forward()
    life.resolve(life.dice.whole(1, 2))
    life.final(life.dice.whole(1, 2))
    life.accept(life.dice.whole(0, 5))


def late_following_up(life: Life) -> None:
    """Follow up late for the first time, after a nudge."""
    life.sent()
    life.admin(life.office(5), "nudge", opd=life.opd, how=life.says("cara_ingatkan"))
    life.interim(life.dice.whole(1, 2))
    life.resolve(1)
    life.final(life.dice.whole(1, 3))


def late_and_left(life: Life) -> None:
    """Do the step late, with the Inspectorate's item not yet resolved when the year ends."""
    life.sent()
    life.admin(life.office(5), "nudge", opd=life.opd, how=life.says("cara_ingatkan"))
    life.final(1)


def resolved_too_early(life: Life) -> None:
    """Let the Inspectorate resolve while the late step is still owed: refused."""
    life.sent()
    life.inspector_does(life.office(6), "resolve", refused=True, finding=life.says("temuan"))
    life.interim(1)
    life.resolve(1)
    life.final(2)
    life.accept(3)


def late_and_instructed(life: Life) -> None:
    """Complete late; the Inspectorate instructs, and the OPD complies."""
    life.sent()
    life.interim(3)
    life.inspector_does(
        life.office(13),
        "instruct",
        to=life.opd,
        text=life.says("instruksi"),
        by=str(life.rules.calendar.add(life.now.date(), 20)),
    )
    life.final(life.dice.whole(1, 3))
    life.resolve(1)
    life.accept(life.dice.whole(0, 4))


def extension_lapsed(life: Life) -> None:
    """Leave the request for more time undecided; the deadline passes."""
    life.sent()
    life.interim(3)
    life.liaison(life.office(9), "extend", days=4, grounds=life.says("alasan_perpanjangan"))
    life.final(4)
    life.resolve(1)
    life.accept(life.dice.whole(0, 4))


def instructed_in_vain(life: Life) -> None:
    """Let the instruction's date pass; the rungs go on until the Inspectorate takes over."""
    life.sent()
    day = life.office(7)
    by = str(life.rules.calendar.add(day.date(), 2))
    life.inspector_does(day, "instruct", to=life.opd, text=life.says("instruksi"), by=by)
    life.inspector_does(life.office(4), "take_over")
    life.inspector_does(life.office(3), "follow_up", text=life.says("akhir"), final=True)
    life.resolve(1)


def taken_over(life: Life) -> None:
    """Let the Inspectorate take over after the Sekretaris Daerah was told."""
    life.sent()
    life.inspector_does(life.office(9), "take_over")
    life.inspector_does(life.office(2), "follow_up", text=life.says("selingan"))
    life.inspector_does(life.office(2), "follow_up", text=life.says("akhir"), final=True)
    life.resolve(1)
    life.accept(life.dice.whole(0, 4))


def to_the_governor(life: Life) -> None:
    """Let nobody act for two weeks: all three rungs."""
    life.sent()
    life.inspector_does(life.office(13), "take_over")
    life.inspector_does(life.office(4), "follow_up", text=life.says("akhir"), final=True)
    life.resolve(2)
    if life.dice.chance(50):
        life.accept(life.dice.whole(1, 4))


def escalated(life: Life) -> None:
    """Let the admin call the Inspectorate before anything is late."""
    life.sent()
    life.admin(life.office(2), "escalate", why=life.says("eskalasi"))
    day = life.office(1)
    by = str(life.rules.calendar.add(day.date(), 4))
    life.inspector_does(day, "instruct", to=life.opd, text=life.says("instruksi"), by=by)
    life.final(1)
    life.resolve(1)
    life.accept(life.dice.whole(0, 4))


# --- Disputed, or not over -------------------------------------------------------------------------------------------


def disputed(life: Life) -> None:
    """Dispute once; the second answer is accepted or stands."""
    life.sent()
    life.final(life.dice.whole(2, 4))
    life.citizen_does(life.citizen(life.dice.whole(0, 4)), "dispute", why=life.says("bantahan"))
    life.final(life.dice.whole(1, 3), kind="akhir_lagi")
    if life.dice.chance(60):
        life.accept(life.dice.whole(0, 5))


def disputed_twice(life: Life) -> None:
    """Dispute twice, which brings the complaint to the Inspectorate."""
    life.sent()
    life.final(2)
    life.citizen_does(life.citizen(1), "dispute", why=life.says("bantahan"))
    life.final(2, kind="akhir_lagi")
    life.citizen_does(life.citizen(2), "dispute", why=life.says("bantahan_kedua"))
    life.inspector_does(
        life.office(1),
        "instruct",
        to=life.opd,
        text=life.says("instruksi"),
        by=str(life.rules.calendar.add(life.now.date(), 4)),
    )
    life.final(1, kind="akhir_lagi")
    life.resolve(1)
    life.accept(life.dice.whole(0, 4))


def reopened(life: Life) -> None:
    """Close the complaint, and open it again with grounds."""
    life.sent()
    life.final(2)
    life.accept(life.dice.whole(0, 2))
    life.admin(life.office(life.dice.whole(4, 12)), "reopen", grounds=life.says("buka_lagi"))
    life.final(life.dice.whole(1, 4), kind="akhir_lagi")
    life.accept(life.dice.whole(0, 4))


def still_open(life: Life) -> None:
    """Leave a December complaint in process at the end of the year, with more time granted."""
    life.start()
    life.verify(0)
    life.forward()
    life.interim(3)
    life.liaison(_on(29, 9, 40), "extend", days=5, grounds=life.says("alasan_perpanjangan"))
    life.admin(_on(30, 10, 25), "grant")
    life.citizen_does(_on(31, 10, 12), "reply", text=life.says("balasan_terima_kasih"))


def open_again(life: Life) -> None:
    """Leave a complaint in process at the end of the year: closed long ago, reopened before Christmas."""
    life.sent()
    life.final(2)
    life.accept(3)
    life.admin(_on(20, 14, 5), "reopen", grounds=life.says("buka_lagi"))
    life.interim(2)


def accepted_at_last(life: Life) -> None:
    """Rate on the evening of 31 December, as the year's last event."""
    accepted(life)
    life.citizen_does(_on(31, 19, 20), "rate", rating=5, words=str(words()["kalimat"]["ulasan"][-1]))


def _on(day: int, hour: int, minute: int) -> datetime:
    return datetime(2022, 12, day, hour, minute, tzinfo=JAKARTA)


# --- Berkadar pengawasan ---------------------------------------------------------------------------------------------


def inspected(life: Life) -> None:
    """Complain about an official's conduct, which the Inspectorate investigates itself."""
    life.start()
    life.verify()
    life.inspector_does(life.office(life.dice.whole(1, 2)), "take_over")
    life.inspector_does(life.office(life.dice.whole(2, 4)), "follow_up", text=life.says("selingan"))
    life.inspector_does(life.office(life.dice.whole(4, 8)), "follow_up", text=life.says("akhir"), final=True)
    life.resolve(1, "temuan_pengawasan")
    if life.dice.chance(50):
        life.accept(life.dice.whole(0, 5))


def inspected_with_the_opd(life: Life) -> None:
    """Complain about an official's conduct; the OPD answers within sixty days, supervised by the Inspectorate."""
    life.sent()
    day = life.office(1)
    by = str(life.rules.calendar.add(day.date(), 9))
    life.inspector_does(day, "instruct", to=life.opd, text=life.says("instruksi"), by=by)
    life.interim(2)
    life.final(life.dice.whole(12, 30))
    life.resolve(life.dice.whole(1, 3), "temuan_pengawasan")


def found_to_be_inspected(life: Life) -> None:
    """Find out only while the OPD works that an official's conduct is at issue."""
    life.sent()
    life.interim(2)
    life.admin(life.office(1), "reclassify", class_="pengaduan", pengawasan=True)
    life.inspector_does(life.office(1), "take_over")
    life.inspector_does(life.office(7), "follow_up", text=life.says("akhir"), final=True)
    life.resolve(1, "temuan_pengawasan")
