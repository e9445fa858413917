"""Letters that bring a reporter number, code and link again: because they were asked for, or because the code changed.

What opens the report is in the envelope (wording.letters), never in the subject.
"""

from __future__ import annotations

from kawal.domain.msgids import msgid, sentence
from kawal.wording.catalogues import say
from kawal.wording.letters import Letter
from kawal.wording.links import ReportAccess

_ASKED = msgid("The link to your report {id}")
_ASKED_TEXT = msgid(
    "Somebody who knows the number of your report and your contact asked us to send you the link again. If that was "
    "not you, there is nothing to do: it was sent to you alone."
)
_CHANGED = msgid("The access code of report {id} was changed")
_CHANGED_TEXT = msgid(
    "The access code of your report was changed, on its page or at our front desk. The old code and links made of it "
    "no longer work. If you did not want this, please tell us."
)


_MESSAGE = msgid("The link to your report {id}: {link}")
_MESSAGE_CODE = msgid("Your report {id} has the access code {code}.")
_MESSAGE_CHANGED = msgid("The old code no longer works.")


def link_message(access: ReportAccess, lang: str, *, changed: bool) -> str:
    """Return the same as a message to a telephone, within two segments of an SMS."""
    known = {"id": access.tracking_id}
    opens = sentence(_MESSAGE_CODE, **known, code=access.secret)
    if access.link is not None:
        opens = sentence(_MESSAGE, **known, link=access.link)
    words = say(lang, opens)
    return f"{words} {say(lang, _MESSAGE_CHANGED)}" if changed else words


def link_letter(tracking_id: str, lang: str, *, changed: bool) -> Letter:
    """Return the letter about a report whose code was changed, or whose link was asked for."""
    subject, text = (_CHANGED, _CHANGED_TEXT) if changed else (_ASKED, _ASKED_TEXT)
    return Letter(say(lang, sentence(subject, id=tracking_id)), f"{say(lang, text)}\n")
