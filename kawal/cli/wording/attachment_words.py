"""What `kawal attachments` says, in Indonesian and in English."""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, str]] = {
    "attachment_options": (
        "--get dan --output selalu bersama, dan tidak dengan --add.",
        "--get and --output go together, and not with --add.",
    ),
    "no_such_attachment": (
        "Tidak ada lampiran nomor {number}; laporan ini mempunyai {most}.",
        "There is no attachment {number}; this complaint has {most}.",
    ),
    "attachment_refused": ("{sentence}", "{sentence}"),
    "attachment_added": (
        "Lampiran ditambahkan; sebutkan dalam tindak lanjut dengan --file {id}",
        "The attachment was added; name it in a follow-up with --file {id}",
    ),
}
"""Each key with its sentence in Indonesian and in English."""

COMMANDS = {
    "attachments": ("Lampiran suatu laporan.", "A complaint's attachments."),
}
"""The commands' help."""

OPTIONS = {
    "get_number": ("Nomor lampiran yang diambil.", "Number of the attachment to fetch."),
    "attachment_output": ("Berkas baru untuk isinya.", "A new file for its content."),
    "added_file": ("Berkas yang ditambahkan.", "A file to add."),
}
"""The options' help."""

COLUMNS = {
    "attachment_number": ("Nomor", "Number"),
    "attachment_name": ("Nama", "Name"),
    "media_type": ("Jenis", "Type"),
    "size": ("Bita", "Bytes"),
    "added_at": ("Ditambahkan", "Added"),
    "attachment_id": ("Id", "Id"),
}
"""The columns' names."""
