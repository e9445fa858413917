"""What the pages of administration say was done, by a word of their address."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request

from kawal.domain.msgids import Message, msgid

PATH = "/kelola"

DONE: Mapping[str, Message] = {
    "peran": msgid("The role is held from now on."),
    "akhir": msgid("The role has ended, and so have the deputies for it."),
    "pengganti": msgid("The deputy is named."),
    "pengganti-akhir": msgid("The deputy stands in no longer."),
    "opd": msgid("The OPD was added."),
    "nama": msgid("The OPD has its new name."),
    "pakai": msgid("The OPD is in use."),
    "henti": msgid("The OPD is out of use: it gets no new reports, and must still follow up those that it has."),
    "daftar": msgid("All OPDs of the list were added."),
    "alamat": msgid("Notices go to the new address from now on."),
    "alamat-hapus": msgid("The address is removed."),
    "kalender": msgid("The calendar is in force, and the open deadlines are reckoned by it."),
    "kebijakan": msgid("The limits are on record, and in force from their first day on."),
    "ulangi": msgid("It is tried again now; if that fails, it stands here again."),
    "kirim-ulang": msgid("The notice will be sent again."),
    "kesampingkan": msgid("It is set aside: it stays as it is, and is listed as such."),
    "cabut": msgid("It is revoked, and refused within 5 seconds."),
    "teks": msgid("The text is kept; forms offer it from now on."),
    "teks-hapus": msgid("The text is removed; forms that hold it already keep it."),
    "uji": msgid("The test message waits to be sent; within a minute or two this page says what became of it."),
    "hitung-ulang": msgid("The open deadlines are reckoned by the rules in force."),
    "belum-dihitung": msgid(
        "The change is on record. The open deadlines are not reckoned by it yet, because the system cannot be reached "
        "now; do it below when it can."
    ),
    "surat-uji": msgid("The mail server took the letter. See whether it arrives, in the spam folder too."),
    "pesan-uji": msgid("The gateway took the message. See whether it arrives."),
    "pesan": msgid("Readers are told it."),
    "pesan-hapus": msgid("Readers are told it no longer."),
    "kata-surat": msgid("Letters about what happens from now on say it."),
    "siap": msgid("The set-up is finished: what the agency has is its own."),
    "kategori": msgid("Saved: new reports are suggested to these OPDs from now on."),
}
"""What was done, by the word that the page's address holds afterwards."""


def done_on(request: Request) -> Message | None:
    """Return what was done by the form that led to this page."""
    return DONE.get(request.query_params.get("telah", ""))
