"""The messages of `kawal agency`, `kawal announcement` and `kawal letter-text`, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid

SENTENCES = {
    "agency_stands": msgid("{code}: {name}, {kind}."),
    "step_settled": msgid("{step}: {word}."),
    "trial_letter": msgid("The mail server took the letter. See whether it arrives, in the spam folder too."),
    "trial_message": msgid("The gateway took the message. See whether it arrives."),
    "announced": msgid("Readers are told it from {begins} until {ends}."),
    "announcement_stays": msgid("Readers are told it from {begins} until it is taken away."),
    "announcement_ended": msgid("Readers are told it no longer."),
    "letter_text_set": msgid("Letters made from now on say it: {part}."),
    "letter_text_unset": msgid("Letters made from now on say nothing of the agency's own: {part}."),
}

COMMANDS = {
    "agency": msgid("Who the agency is, and its first set-up."),
    "agency set": msgid("Say who the agency is; another code replaces the shipped example."),
    "agency step": msgid("Note that a step of the first set-up is over."),
    "agency finish": msgid("Finish the first set-up."),
    "agency try-letter": msgid("Send a test letter, to see whether letters leave."),
    "agency try-message": msgid("Send a test message, to see whether messages leave."),
    "announcement": msgid("What every reader of the agency's pages is told for a time."),
    "announcement set": msgid("Tell readers something."),
    "announcement end": msgid("Take away what readers are told."),
    "letter-text": msgid("What the agency's letters say in its own words."),
    "letter-text set": msgid("Let a part of the letters say something from now on."),
    "letter-text list": msgid("List what letters say in the agency's own words."),
}

OPTIONS = {
    "agency code": msgid("The agency's code, in capitals."),
    "agency name": msgid("The agency's name, such as “Pemerintah Kabupaten Bintan”."),
    "agency kind": msgid("Of which government: its head is called by it."),
    "agency area": msgid("The code of its area: 21 of a province, 21.71 of a kabupaten or kota."),
    "agency step": msgid("Which step."),
    "agency word": msgid("With which word it is over."),
    "agency address": msgid("The e-mail address to which it goes."),
    "agency phone": msgid("The telephone number to which it goes."),
    "announcement id_text": msgid("The text in Indonesian."),
    "announcement en_text": msgid("The text in English."),
    "announcement begins": msgid("From when, local time: “2026-03-09 22:00”; by default now."),
    "announcement ends": msgid("Until when; by default until it is taken away."),
    "letter-text part": msgid("A kind of letter to reporters, such as received, or signature."),
    "letter-text lang": msgid("The language of the letters that say it."),
    "letter-text text": msgid("The text; nomor and instansi in braces are filled in; empty: nothing of its own."),
}

COLUMNS = {
    "part": msgid("Part"),
    "lang": msgid("Language"),
}
