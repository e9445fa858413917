"""`make test-system`: the Debian packages whose programs the tests in `tests/system` run.

What is missing is installed where that is allowed: as root, or by `sudo` where it asks for no password. Exit code 1,
naming the packages, where a program is missing afterwards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence

PROGRAMS = {
    "bash": ["bash"],
    "chromium": ["chromium"],
    "dovecot": ["dovecot-imapd", "dovecot-lmtpd"],
    "postfix": ["postfix"],
    "zsh": ["zsh"],
}
"""Each program with Debian's packages that bring it, and what it runs itself."""


def main() -> int:
    """Install what is missing; return 0 when every program is there."""
    missing = missing_packages(PROGRAMS)
    if missing:
        install(missing)
    left = missing_packages(PROGRAMS)
    if left:
        sys.stderr.write(f"make test-system needs {', '.join(left)}; install: apt-get install {' '.join(left)}\n")
    return 1 if left else 0


def missing_packages(programs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the packages of the programs that are not on PATH."""
    missing = [packages for program, packages in programs.items() if shutil.which(program) is None]
    return sorted({package for packages in missing for package in packages})


def install(packages: Sequence[str]) -> None:
    """Install Debian packages where this user may; whoever calls checks what came of it."""
    allowed = _as_root()
    if shutil.which("apt-get") is None or allowed is None:
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", *packages)):
        command = [*allowed, "apt-get", *arguments]
        subprocess.run(command, env=quiet, stdout=sys.stderr, check=False)  # noqa: S603  # names from the table above


def _as_root() -> list[str] | None:
    """Return what goes before a command to run it as root; None where this user may not."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    asked = [sudo, "-n"]
    tried = subprocess.run([*asked, "true"], capture_output=True, check=False)  # noqa: S603  # found on PATH
    return asked if tried.returncode == 0 else None


if __name__ == "__main__":
    sys.exit(main())
