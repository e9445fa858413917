"""The messages of `kawal public`, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.msgids import msgid, msgids

SENTENCES = {
    "supporters": msgids("{count} person supports this report.", "{count} people support this report."),
    "released_words": msgid("The words of report {id} are public as they stand now."),
    "released_file": msgid("The file is released: with report {id} the public may see its form without metadata."),
    "redacted_for_public": msgid("The public reads the new version of report {id}; what was written stays as it was."),
}

COMMANDS = {
    "public": msgid("What the public sees of a report: released files and words, redactions."),
    "public release": msgid("Release a file, or the words of a report berkadar pengawasan, to the public."),
    "public redact": msgid("Replace passages of a report's public words by [disunting]."),
    "public redact-picture": msgid("Black out parts of a picture for the public; the original stays as it is."),
}

OPTIONS = {
    "public tracking_id": msgid("Number of the report."),
    "public file": msgid("Id of the file."),
    "public all_words": msgid("What stands now of title, text, place and follow-ups; the Inspectorate's alone."),
    "public passages": msgid("A passage as the public reads it; may be given several times."),
    "public follow_up": msgid("Number of the follow-up's event; without it title, text and place."),
    "public areas": msgid("Part of the picture: X,Y,WIDTH,HEIGHT in pixels; may be given several times."),
    "public anew": msgid(
        "Start from what was written: earlier redactions end; with nothing named, all are taken back."
    ),
    "public why": msgid("Why; the public reads this, too."),
}
