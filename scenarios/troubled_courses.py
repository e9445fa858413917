"""The courses of lives that reach the Inspectorate, are disputed or reopened, or are not over when the year ends."""

from __future__ import annotations

from datetime import datetime

from kawal.domain.calendar import JAKARTA
from scenarios.courses import accepted
from scenarios.draft import Draft
from scenarios.report_texts import words

# --- Late: the Inspectorate is told -----------------------------------------------------------------------------------


def late_verifying(draft: Draft) -> None:
    """Verify too late."""
    draft.start()
    draft.verify(draft.dice.whole(4, 5))
    draft.forward()
    draft.resolve(draft.dice.whole(1, 2))
    draft.final(draft.dice.whole(1, 2))
    draft.accept(draft.dice.whole(0, 5))


def late_following_up(draft: Draft) -> None:
    """Follow up late for the first time, after a nudge."""
    draft.sent()
    draft.admin(draft.office(5), "nudge", opd=draft.opd, how=draft.says("cara_ingatkan"))
    draft.interim(draft.dice.whole(1, 2))
    draft.resolve(1)
    draft.final(draft.dice.whole(1, 3))


def late_and_left(draft: Draft) -> None:
    """Do the step late, with the Inspectorate's item not yet resolved when the year ends."""
    draft.sent()
    draft.admin(draft.office(5), "nudge", opd=draft.opd, how=draft.says("cara_ingatkan"))
    draft.final(1)


def resolved_too_early(draft: Draft) -> None:
    """Let the Inspectorate resolve while the late step is still owed: refused."""
    draft.sent()
    draft.inspector_does(draft.office(6), "resolve", refused=True, finding=draft.says("temuan"))
    draft.interim(1)
    draft.resolve(1)
    draft.final(2)
    draft.accept(3)


def late_and_instructed(draft: Draft) -> None:
    """Complete late; the Inspectorate instructs, and the OPD complies."""
    draft.sent()
    draft.interim(3)
    draft.inspector_does(
        draft.office(13),
        "instruct",
        to=draft.opd,
        text=draft.says("instruksi"),
        by=str(draft.rules.calendar.add(draft.now.date(), 20)),
    )
    draft.final(draft.dice.whole(1, 3))
    draft.resolve(1)
    draft.accept(draft.dice.whole(0, 4))


def extension_lapsed(draft: Draft) -> None:
    """Leave the request for more time undecided; the deadline passes."""
    draft.sent()
    draft.interim(3)
    draft.liaison(draft.office(9), "extend", days=4, grounds=draft.says("alasan_perpanjangan"))
    draft.final(4)
    draft.resolve(1)
    draft.accept(draft.dice.whole(0, 4))


def instructed_in_vain(draft: Draft) -> None:
    """Let the instruction's date pass; the rungs go on until the Inspectorate takes over."""
    draft.sent()
    day = draft.office(7)
    by = str(draft.rules.calendar.add(day.date(), 2))
    draft.inspector_does(day, "instruct", to=draft.opd, text=draft.says("instruksi"), by=by)
    draft.inspector_does(draft.office(4), "take_over")
    draft.inspector_does(draft.office(3), "follow_up", text=draft.says("akhir"), final=True)
    draft.resolve(1)


def taken_over(draft: Draft) -> None:
    """Let the Inspectorate take over after the Sekretaris Daerah was told."""
    draft.sent()
    draft.inspector_does(draft.office(9), "take_over")
    draft.inspector_does(draft.office(2), "follow_up", text=draft.says("selingan"))
    draft.inspector_does(draft.office(2), "follow_up", text=draft.says("akhir"), final=True)
    draft.resolve(1)
    draft.accept(draft.dice.whole(0, 4))


def to_the_governor(draft: Draft) -> None:
    """Let nobody act for two weeks: all three rungs."""
    draft.sent()
    draft.inspector_does(draft.office(13), "take_over")
    draft.inspector_does(draft.office(4), "follow_up", text=draft.says("akhir"), final=True)
    draft.resolve(2)
    if draft.dice.chance(50):
        draft.accept(draft.dice.whole(1, 4))


def escalated(draft: Draft) -> None:
    """Let the admin call the Inspectorate before anything is late."""
    draft.sent()
    draft.admin(draft.office(2), "escalate", why=draft.says("eskalasi"))
    day = draft.office(1)
    by = str(draft.rules.calendar.add(day.date(), 4))
    draft.inspector_does(day, "instruct", to=draft.opd, text=draft.says("instruksi"), by=by)
    draft.final(1)
    draft.resolve(1)
    draft.accept(draft.dice.whole(0, 4))


# --- Disputed, or not over -------------------------------------------------------------------------------------------


def disputed(draft: Draft) -> None:
    """Dispute once; the second answer is accepted or stands."""
    draft.sent()
    draft.final(draft.dice.whole(2, 4))
    draft.citizen_does(draft.citizen(draft.dice.whole(0, 4)), "dispute", why=draft.says("bantahan"))
    draft.final(draft.dice.whole(1, 3), kind="akhir_lagi")
    if draft.dice.chance(60):
        draft.accept(draft.dice.whole(0, 5))


def disputed_twice(draft: Draft) -> None:
    """Dispute twice, which brings the complaint to the Inspectorate."""
    draft.sent()
    draft.final(2)
    draft.citizen_does(draft.citizen(1), "dispute", why=draft.says("bantahan"))
    draft.final(2, kind="akhir_lagi")
    draft.citizen_does(draft.citizen(2), "dispute", why=draft.says("bantahan_kedua"))
    draft.inspector_does(
        draft.office(1),
        "instruct",
        to=draft.opd,
        text=draft.says("instruksi"),
        by=str(draft.rules.calendar.add(draft.now.date(), 4)),
    )
    draft.final(1, kind="akhir_lagi")
    draft.resolve(1)
    draft.accept(draft.dice.whole(0, 4))


def reopened(draft: Draft) -> None:
    """Close the complaint, and open it again with grounds."""
    draft.sent()
    draft.final(2)
    draft.accept(draft.dice.whole(0, 2))
    draft.admin(draft.office(draft.dice.whole(4, 12)), "reopen", grounds=draft.says("buka_lagi"))
    draft.final(draft.dice.whole(1, 4), kind="akhir_lagi")
    draft.accept(draft.dice.whole(0, 4))


def still_open(draft: Draft) -> None:
    """Leave a December complaint in process at the end of the year, with more time granted."""
    draft.start()
    draft.verify(0)
    draft.forward()
    draft.interim(3)
    draft.liaison(_on(29, 9, 40), "extend", days=5, grounds=draft.says("alasan_perpanjangan"))
    draft.admin(_on(30, 10, 25), "grant")
    draft.citizen_does(_on(31, 10, 12), "reply", text=draft.says("balasan_terima_kasih"))


def open_again(draft: Draft) -> None:
    """Leave a complaint in process at the end of the year: closed long ago, reopened before Christmas."""
    draft.sent()
    draft.final(2)
    draft.accept(3)
    draft.admin(_on(20, 14, 5), "reopen", grounds=draft.says("buka_lagi"))
    draft.interim(2)


def accepted_at_last(draft: Draft) -> None:
    """Rate on the evening of 31 December, as the year's last event."""
    accepted(draft)
    draft.citizen_does(_on(31, 19, 20), "rate", rating=5, words=str(words()["kalimat"]["ulasan"][-1]))


def _on(day: int, hour: int, minute: int) -> datetime:
    return datetime(2022, 12, day, hour, minute, tzinfo=JAKARTA)


# --- Berkadar pengawasan ---------------------------------------------------------------------------------------------


def inspected(draft: Draft) -> None:
    """Complain about an official's conduct, which the Inspectorate investigates itself."""
    draft.start()
    draft.verify()
    draft.inspector_does(draft.office(draft.dice.whole(1, 2)), "take_over")
    draft.inspector_does(draft.office(draft.dice.whole(2, 4)), "follow_up", text=draft.says("selingan"))
    draft.inspector_does(draft.office(draft.dice.whole(4, 8)), "follow_up", text=draft.says("akhir"), final=True)
    draft.resolve(1, "temuan_pengawasan")
    if draft.dice.chance(50):
        draft.accept(draft.dice.whole(0, 5))


def inspected_with_the_opd(draft: Draft) -> None:
    """Complain about an official's conduct; the OPD answers within sixty days, supervised by the Inspectorate."""
    draft.sent()
    day = draft.office(1)
    by = str(draft.rules.calendar.add(day.date(), 9))
    draft.inspector_does(day, "instruct", to=draft.opd, text=draft.says("instruksi"), by=by)
    draft.interim(2)
    draft.final(draft.dice.whole(12, 30))
    draft.resolve(draft.dice.whole(1, 3), "temuan_pengawasan")


def found_to_be_inspected(draft: Draft) -> None:
    """Find out only while the OPD works that an official's conduct is at issue."""
    draft.sent()
    draft.interim(2)
    draft.admin(draft.office(1), "reclassify", class_="pengaduan", pengawasan=True)
    draft.inspector_does(draft.office(1), "take_over")
    draft.inspector_does(draft.office(7), "follow_up", text=draft.says("akhir"), final=True)
    draft.resolve(1, "temuan_pengawasan")
