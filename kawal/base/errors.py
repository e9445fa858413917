"""Errors of the installation itself, as opposed to refusals by the rules."""

from __future__ import annotations

import os

from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.wording.catalogues import lang_of, say


class SystemUnavailable(Exception):  # noqa: N818 - names the condition
    """Something the system depends on (server, database, key) is unavailable now; a command exits with code 3.

    `sentence` says what to do; `str()` returns it in the language that `KAWAL_LANG` names.
    """

    def __init__(self, sentence: Sayable) -> None:
        """Keep the sentence that people are shown."""
        super().__init__(str(sentence))
        self.sentence = sentence

    def __str__(self) -> str:
        """Return the sentence in the language of the environment."""
        return say(lang_of(os.environ.get("KAWAL_LANG")), self.sentence)


class StorageUnavailable(Exception):  # noqa: N818 - names the condition
    """The attachments' store cannot be reached, or lacks an object it should have: nothing was stored or returned."""


class AlreadyRunning(SystemUnavailable):
    """Another process runs, or is just starting, the system of a home that the caller needs for itself."""

    def __init__(self, home: object) -> None:
        """Name the home in the message."""
        super().__init__(
            sentence(msgid("Kawal already runs on {home}; stop it first, or choose another KAWAL_HOME."), home=home),
        )


def not_running() -> SystemUnavailable:
    """Return the error for a command that needs a running system when none runs."""
    return SystemUnavailable(
        msgid("Kawal is not running: run `make up`, then repeat this command."),
    )
