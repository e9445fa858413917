"""`python -m tools.screens`: ten screens of the command line in both languages, put into docs/cli.md.

A system of its own is started in a temporary folder, and five reports are worked on; what each command writes to a
terminal of 80 columns is put between the marks in the document. Days and numbers are those of the run.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "cli.md"
BEGIN, END = "<!-- screens: python -m tools.screens -->\n", "<!-- end of screens -->\n"
COLUMNS = 80
LANGS = {"id": "Bahasa Indonesia", "en": "English"}
STYLE = re.compile(r"\x1b\[[0-9;]*m")
READY = "Ctrl-C"
"""In the last line that `kawal up` writes when everything runs."""


class Screen(NamedTuple):
    """A command whose screen is shown, what it shows, and which complaint `ID` stands for, by its place."""

    typed: str
    shows: str
    complaint: int = 0


SCREENS = (
    Screen("--help", "Every command, by who gives it"),
    Screen("verify --help", "What a command takes"),
    Screen("list", "What waits for the admin"),
    Screen("show ID --explain", "One complaint, and how its deadline is reckoned"),
    Screen("history ID", "All that happened to it"),
    Screen("recap", "The recap of the year"),
    Screen("inspectorate", "What waits for the Inspectorate"),
    Screen("calendar deadline --start 2026-12-21 --working-days 5", "A deadline over the holidays"),
    Screen("accept ID --as reporter:Siti", "A refusal: what stands in the way", 2),
    Screen("forwrd ID", "A name mistyped"),
)

REPORTS = (
    ("Jalan berlubang di Batu 9", "Lubang sedalam lutut di depan pasar, sudah dua minggu."),
    ("Lampu jalan padam di Batu 8", "Lima tiang padam sejak Senin malam."),
    ("Antrean puskesmas terlalu lama", "Pasien menunggu sejak pukul enam pagi."),
)
ADMIN, LIAISON, INSPECTORATE = "admin:Ani", "liaison/DPUPR:Budi", "inspectorate:Eka"


class Kawal:
    """The command line on one home."""

    def __init__(self, home: Path) -> None:
        """Keep the environment of its commands, which is nobody's own."""
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("KAWAL_") or "CACHE" in name},
            "KAWAL_HOME": str(home),
            "KAWAL_AS": ADMIN,
        }

    def answer(self, *typed: str) -> Mapping[str, str]:
        """Run a command that must succeed, and return what it writes as JSON."""
        done = subprocess.run(  # noqa: S603  # our own command line
            [sys.executable, "-m", "kawal.cli", *typed, "--json"],
            env=self.environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        answered: Mapping[str, str] = json.loads(done.stdout)
        return answered

    def screen(self, typed: str, lang: str) -> str:
        """Run a command on a terminal of 80 columns, and return what it writes there."""
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
        environment = {**self.environment, "KAWAL_LANG": lang, "NO_COLOR": "1"}
        command = [sys.executable, "-m", "kawal.cli", *typed.split()]
        with subprocess.Popen(command, env=environment, cwd=ROOT, stdout=theirs, stderr=theirs):  # noqa: S603
            os.close(theirs)
            written = b"".join(_read_all(ours))
        os.close(ours)
        plain = STYLE.sub("", written.decode().replace("\r\n", "\n"))
        return "\n".join(line.rstrip() for line in plain.rstrip().splitlines())


def main() -> int:
    """Run everything and write the document."""
    with tempfile.TemporaryDirectory(prefix="kw", ignore_cleanup_errors=True) as folder, up(Path(folder)) as kawal:
        numbers = _work(kawal)
        shown = [_section(kawal, place, screen, numbers) for place, screen in enumerate(SCREENS, 1)]
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n{''.join(shown)}{END}{after}", encoding="utf-8")
    return 0


def _section(kawal: Kawal, place: int, screen: Screen, numbers: list[str]) -> str:
    typed = re.sub(r"\bID\b", numbers[screen.complaint], screen.typed)
    blocks = "".join(
        f"{name}:\n\n```\n$ kawal {typed}\n{kawal.screen(typed, lang)}\n```\n\n" for lang, name in LANGS.items()
    )
    return f"### {place}. {screen.shows}\n\n{blocks}"


def _work(kawal: Kawal) -> list[str]:
    """File the reports, and bring each as far as its screen shows it; return their numbers."""
    numbers = [
        kawal.answer("start", "--title", title, "--text", text, "--channel", "web", "--as", "adapter:web")[
            "tracking_id"
        ]
        for title, text in REPORTS
    ]
    for number, (title, _) in list(zip(numbers, REPORTS, strict=True))[:2]:
        verified = ("--title", title, "--class", "pengaduan", "--category", "PEKERJAAN UMUM DAN PENATAAN RUANG")
        kawal.answer("verify", number, *verified)
        kawal.answer("forward", number, "--opd", "DPUPR")
    kawal.answer("receive", numbers[0], "--as", LIAISON)
    kawal.answer("follow-up", numbers[0], "--text", "Lubang ditambal Selasa pagi.", "--final", "--as", LIAISON)
    kawal.answer("escalate", numbers[1], "--why", "Pelapor sudah tiga kali bertanya.")
    return numbers


@contextmanager
def up(folder: Path, **more: str) -> Iterator[Kawal]:
    """Run a system in a folder, with more in its environment, and give its command line."""
    kawal = Kawal(folder / "home")
    kawal.environment.update(more)
    command = [sys.executable, "-m", "kawal.cli", "up", "--no-ui"]
    with subprocess.Popen(  # noqa: S603  # our own command line
        command, env=kawal.environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        next(line for line in process.stdout or () if READY in line)
        try:
            yield kawal
        finally:
            process.terminate()


def _read_all(terminal: int) -> Iterator[bytes]:
    try:
        while more := os.read(terminal, 65536):
            yield more
    except OSError:  # nobody holds the other end any more
        return


if __name__ == "__main__":
    sys.exit(main())
