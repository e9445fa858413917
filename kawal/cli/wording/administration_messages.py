"""The messages of the commands for offices, OPDs and retrying, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid

SENTENCES = {
    "office_form": msgid("“{text}” is not an office; write admin, inspectorate, sekda, gubernur or liaison/OPD_CODE."),
    "office_set": msgid("Notices for {office} go to {email}."),
    "office_removed": msgid("The address of {office} is removed."),
    "opd_stands": msgid("{opd}: {name}, {state}."),
    "opd_in_use": msgid("in use"),
    "opd_out_of_use": msgid("out of use"),
    "opd_still_owes": msgid("It must still follow up the reports that it has; see `kawal list --opd`."),
    "category_answered": msgid("{category}: {by}."),
    "answered_by_nobody": msgid("nobody of its own"),
    "notice_again": msgid("Notice {number} will be sent again."),
    "notice_aside": msgid("Notice {number} is set aside: it stays unsent."),
}

COMMANDS = {
    "office": msgid("The offices' addresses for notices."),
    "office set": msgid("Set the address where an office receives its notices."),
    "office remove": msgid("Take an office's address away."),
    "office list": msgid("List the offices' addresses."),
    "opd": msgid("The agency's OPDs."),
    "opd add": msgid("Add an OPD."),
    "opd rename": msgid("Rename an OPD; its code stays."),
    "opd deactivate": msgid("Stop sending new reports to an OPD."),
    "opd activate": msgid("Send reports to an OPD again."),
    "opd import": msgid("Add all OPDs of a list, or none."),
    "opd list": msgid("List the OPDs."),
    "category": msgid("Which OPD answers which category."),
    "category set": msgid("Set which OPD, or which agency outside, answers a category."),
    "category unset": msgid("Leave a category to nobody, or to its main category's OPD."),
    "category list": msgid("List who answers which category."),
}

OPTIONS = {
    "office office": msgid("admin, inspectorate, sekda, gubernur or liaison/OPD_CODE."),
    "office email": msgid("E-mail address of the office, not of a person."),
    "opd code": msgid("The OPD's code."),
    "opd name": msgid("The OPD's name."),
    "opd file": msgid("A list with a code and a name in each line, separated by a comma, semicolon or tab."),
    "category category": msgid("“MAIN” or “MAIN / SUB”, in any case."),
    "category opd": msgid("The OPD's code."),
    "category outside": msgid("Instead of an OPD: the agency elsewhere that has the authority."),
    "notice_aside": msgid("Leave the notice with this number unsent, for --grounds."),
    "notice_resend": msgid("Send the notice with this number again."),
}

COLUMNS = {
    "office": msgid("Office"),
    "email": msgid("E-mail"),
    "answered_by": msgid("Answered by"),
}
