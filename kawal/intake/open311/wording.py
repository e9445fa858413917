"""What is said of a complaint's status and of each public step, in Indonesian and in English."""

from __future__ import annotations

from kawal.domain.names import FINAL, EventKind, Status

STATUS = {
    Status.BELUM_DIVERIFIKASI: ("Menunggu verifikasi.", "Waiting for verification."),
    Status.DITUNDA: ("Ditunda: menunggu keterangan dari pelapor.", "Held: waiting for the reporter to add to it."),
    Status.BELUM_DITINDAKLANJUTI: ("Menunggu tindak lanjut.", "Waiting for a follow-up."),
    Status.PROSES: ("Sedang ditindaklanjuti.", "Being followed up."),
    Status.SELESAI: ("Selesai.", "Done."),
    Status.DIARSIPKAN: ("Diarsipkan.", "Archived."),
    Status.BUKAN_WEWENANG: ("Disampaikan kepada instansi yang berwenang.", "Passed to the agency in charge."),
    Status.DIGABUNG: (
        "Digabung dengan laporan lain tentang hal yang sama.",
        "Merged with another report on the matter.",
    ),
}

STEPS = {
    EventKind.VERIFIED: ("Laporan telah diverifikasi.", "The report has been verified."),
    EventKind.HELD: (
        "Laporan ditunda: menunggu keterangan tambahan dari pelapor.",
        "The report is held: the reporter is asked to add to it.",
    ),
    EventKind.FORWARDED: ("Laporan diteruskan kepada {opds}.", "The report was forwarded to {opds}."),
    EventKind.HANDLED: ("Laporan ditangani oleh {opds}.", "The report is handled by {opds}."),
    EventKind.ASKED: ("Ada pertanyaan kepada pelapor.", "The reporter was asked a question."),
    EventKind.FOLLOWED_UP: ("{text}", "{text}"),
    EventKind.ACCEPTED: ("Pelapor menerima tindak lanjut.", "The reporter accepted the follow-up."),
    EventKind.DISPUTED: (
        "Pelapor menyanggah tindak lanjut; laporan kembali diproses.",
        "The reporter disputed the follow-up; work on the report goes on.",
    ),
    EventKind.CLOSED: ("Laporan ditutup oleh admin instansi.", "The report was closed by the agency's admin."),
    EventKind.AUTO_CLOSED: (
        "Laporan selesai otomatis karena tidak ada tanggapan.",
        "The report was closed because nobody answered.",
    ),
    EventKind.REOPENED: ("Laporan dibuka kembali.", "The report was reopened."),
    EventKind.ARCHIVED: ("Laporan diarsipkan.", "The report was archived."),
    EventKind.HOLD_EXPIRED: (
        "Laporan diarsipkan karena keterangan yang diminta tidak diterima.",
        "The report was archived because nothing was added to it.",
    ),
    EventKind.PASSED_ON: (
        "Laporan berada di luar wewenang instansi ini dan disampaikan kepada instansi yang berwenang.",
        "The report is outside this agency's authority and was passed to the agency in charge.",
    ),
    EventKind.MERGED: (
        "Laporan digabung dengan laporan lain tentang hal yang sama.",
        "The report was merged with another one on the same matter.",
    ),
}
"""The steps that the public may see, each with what is said of it; of what people wrote only a follow-up's text."""

_ENDED_OTHERWISE = {
    Status.DIARSIPKAN: "no_further_action",
    Status.BUKAN_WEWENANG: "not_councils_responsibility",
    Status.DIGABUNG: "duplicate",
}


def said(words: tuple[str, str], lang: str) -> str:
    """Choose the language."""
    return words[0 if lang == "id" else 1]


def open_or_closed(status: Status) -> str:
    """Give the standard's status."""
    return "closed" if status in FINAL else "open"


def of_an_update(status: Status) -> str:
    """Give the status of an update, in the words of the extension.

    FixMyStreet takes a bare "closed" for "fixed", which would be untrue of what ended otherwise.
    """
    return _ENDED_OTHERWISE.get(status, open_or_closed(status))
