"""The sentences and help texts of the demo."""

from __future__ import annotations

from kawal.domain.msgids import msgid

SENTENCES = {
    "demo_begins": msgid("A new demo is made in {home}: the year 2022 is played again, which takes some minutes."),
    "demo_goes_on": msgid("The demo in {home} goes on from where it was; --anew makes a new one."),
    "demo_ready": msgid(
        "The demo is running; its clock says {now}.\nOpen {url} and choose as whom to look around. Nothing is sent. "
        "Ctrl-C stops it."
    ),
    "demo_stopped": msgid("The demo has stopped; `make demo` goes on with it."),
}
COMMANDS = {"demo": msgid("Run a demo: a recorded year behind the pages.")}
OPTIONS = {
    "demo_home": msgid("The demo's folder; by default one of its own beside the real one."),
    "demo_anew": msgid("Make the demo anew, from its first morning."),
}
