"""The messages of `kawal person` and `kawal find`, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid

COMMANDS = {
    "person": msgid("A reporter's data: hand out, erase."),
    "person export": msgid("Export all data held about a person to one ZIP file."),
    "person erase": msgid("Erase a person's data from complaints that have ended."),
    "find": msgid("Find complaints by words."),
    "person clean-up": msgid("Clear what is left of erased data from PostgreSQL's files."),
}

OPTIONS = {
    "person emails": msgid("The person's e-mail; may be repeated."),
    "person phones": msgid("The person's phone number; may be repeated."),
    "search_words": msgid("Words to look for; all must be there."),
    "find_purpose": msgid(
        "Also search what is not public (confidential, not verified, …), for this purpose (goes on record)."
    ),
    "person ground": msgid("The ground in words; on record, encrypted, at most 500 characters."),
    "person basis": msgid("The ground under UU 27/2022 art. 43."),
    "zip_output": msgid("The ZIP file that is written."),
}

SENTENCES = {
    "only_letters_erased": msgid(
        "There is no report of this person; their letters in the tray are deleted, and their supports have ended."
    ),
    "find_public": msgid(
        "Only reports that the public may see; for confidential (rahasia) or unverified ones state the "
        "purpose with --purpose."
    ),
    "person_exported": msgid(
        "{reports}, {attachments} and {letters} were written to {path}. Check it for other people's data before "
        "handing it over."
    ),
    "erase_done": msgid("erased"),
    "erase_would": msgid("would be erased"),
    "erase_from": msgid("{reason}; from {day}"),
    "erase_goes_on": msgid(
        "Report {id} goes on as report {other} at {agency}. That one is not erased by this; ask {agency} for it."
    ),
    "erase_continues": msgid(
        "Report {id} goes on from report {other} at {agency}. That one is not erased by this; ask {agency} for it."
    ),
    "person_erased": msgid(
        "The data keys are destroyed; other processes may use their copies for {seconds} seconds at most. "
        "What is erased cannot be reopened. Run `kawal person clean-up` to clear what is left in "
        "PostgreSQL's files."
    ),
    "cleaned_up": msgid(
        "{tables} tables, the statistics and the log of PostgreSQL are clean. Old backups, replicas and "
        "archived WAL are not included."
    ),
    "cleaned_partly": msgid(
        "{tables} tables are clean; PostgreSQL's statistics and log need a superuser: see docs/personal-data.md."
    ),
}

COLUMNS = {
    "erasing": msgid("Erasure"),
}
