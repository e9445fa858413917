"""What the quality review and the registers of decrees and action plans say, at the command line and on pages."""

from __future__ import annotations

from collections.abc import Mapping

from kawal.domain.msgids import Message, msgid, msgid_in

VERDICTS: Mapping[str, Message] = {
    "answers": msgid("answers"),
    "partly": msgid("answers in part"),
    "does_not": msgid("does not answer"),
}

ITEM_STATES: Mapping[str, Message] = {
    "not_begun": msgid("not begun"),
    "under_way": msgid("under way"),
    "done": msgid_in("plan", "done"),
}

DRAW_FROM_HEAD = msgid("The seed is the root of the signed head of size {size}, the first one sealed after those days.")
DRAW_FEW = msgid("There are only {candidates}; the sample holds them all.")
DRAW_AGREES = msgid("It agrees: the same {candidates}, the same sample.")
DRAW_DIFFERS = msgid(
    "DOES NOT AGREE with sample {number}: the population was {then} and is now {now}; gone: {gone}; added: {come}."
)
DRAW_UNRECORDED = msgid("The access log DOES NOT AGREE with sample {number}: another seed, population or sample.")
REVIEWS_CHANGED = msgid("Reviews DO NOT AGREE with the access log at places {places}: changed, removed or inserted.")
REVIEWS_HIDDEN = msgid("Other people's reviews ({count}) are shown once you have given yours.")
