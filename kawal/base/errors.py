"""Errors of the installation itself, as opposed to refusals by the rules."""

from __future__ import annotations

import os


class SystemUnavailable(Exception):  # noqa: N818  # a state of affairs, which its handlers read as such
    """Something the system stands on (server, database, key) cannot be had now; a command line ends with exit code 3.

    Both texts say what to do. `str()` gives the one that `KAWAL_LANG` asks for.
    """

    def __init__(self, indonesian: str, english: str) -> None:
        """Keep both languages; the caller that knows its reader's language uses `text`."""
        super().__init__(indonesian)
        self.indonesian = indonesian
        self.english = english

    def text(self, lang: str) -> str:
        """Return the sentence in `lang` ("en", anything else is Indonesian)."""
        return self.english if lang == "en" else self.indonesian

    def __str__(self) -> str:
        """Return the sentence in the language of the environment."""
        return self.text(os.environ.get("KAWAL_LANG", "id"))


class StorageUnavailable(Exception):  # noqa: N818 - names the condition
    """The attachments' store cannot be reached, or lacks an object that it should have: nothing was taken or given."""


class AlreadyRunning(SystemUnavailable):
    """Another process runs, or is just starting, the system of a home that was wanted for oneself."""

    def __init__(self, home: object) -> None:
        """Name the home."""
        super().__init__(
            f"Kawal sudah berjalan dari {home}; hentikan dahulu, atau pilih KAWAL_HOME lain.",
            f"Kawal already runs on {home}; stop it first, or choose another KAWAL_HOME.",
        )


def not_running() -> SystemUnavailable:
    """Return the error for a command that needs a running system and finds none."""
    return SystemUnavailable(
        "Kawal tidak sedang berjalan: jalankan `make up`, lalu ulangi perintah ini.",
        "Kawal is not running: run `make up`, then repeat this command.",
    )
