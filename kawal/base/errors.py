"""Errors of the installation itself, as opposed to refusals by the rules."""

from __future__ import annotations

import os

from kawal.domain.msgids import Sayable, msgid, sentence
from kawal.wording.catalogues import lang_of, say


class SystemUnavailable(Exception):  # noqa: N818  # a state of affairs, which its handlers read as such
    """Something the system stands on (server, database, key) cannot be had now; a command line ends with exit code 3.

    `sentence` says what to do; `str()` gives it in the language that `KAWAL_LANG` asks for.
    """

    def __init__(self, sentence: Sayable) -> None:
        """Keep what is to be said."""
        super().__init__(str(sentence))
        self.sentence = sentence

    def __str__(self) -> str:
        """Return the sentence in the language of the environment."""
        return say(lang_of(os.environ.get("KAWAL_LANG")), self.sentence)


class StorageUnavailable(Exception):  # noqa: N818 - names the condition
    """The attachments' store cannot be reached, or lacks an object that it should have: nothing was taken or given."""


class AlreadyRunning(SystemUnavailable):
    """Another process runs, or is just starting, the system of a home that was wanted for oneself."""

    def __init__(self, home: object) -> None:
        """Name the home."""
        super().__init__(
            sentence(msgid("Kawal already runs on {home}; stop it first, or choose another KAWAL_HOME."), home=home),
        )


def not_running() -> SystemUnavailable:
    """Return the error for a command that needs a running system and finds none."""
    return SystemUnavailable(
        msgid("Kawal is not running: run `make up`, then repeat this command."),
    )
