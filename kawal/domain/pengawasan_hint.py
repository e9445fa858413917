"""Whether a report's words hint at *berkadar pengawasan*: abuse of authority or a breach of law by an official.

It decides nothing: a report in which it finds something is not verified by a single key, so that a person reads it
first. So it is generous: one stopped in vain costs a glance, one let through goes to the office that it accuses. The
words are those in which Indonesians write of bribes, levies, embezzlement and misuse of office; the permitted class is
the admin's decision (Permendagri 8/2023, art. 1) [P].
"""

from __future__ import annotations

import re

from kawal.domain.plain_spelling import plainly

_MONEY = r"(?:uang|duit|dana|biaya|bayaran|imbalan|jatah|upeti|fee|setoran|sejumlah|rp\.? ?\d|\d+ ?(?:rb|ribu|jt|juta))"
_MADE_TO_PAY = (
    r"(?:minta|meminta|diminta|dimintai|mintai|mintakan|tarik|menarik|ditarik|tariki|pungut|memungut|dipungut|tagih|"
    r"menagih|ditagih|kutip|mengutip|dikutip|palak|dipalak|peras|memeras|diperas)"
)
_OFFICIAL = (
    r"(?:oknum|pegawai|petugas|pejabat|asn|pns|honorer|kepala|kades|lurah|camat|bupati|wali ?kota|kadis|kabid|sekdes|"
    r"perangkat desa|kepsek|guru|bendahara|aparat|atasan|satpol|polisi|dinas|panitia|penyelenggara)"
)
_MISUSED = r"(?:wewenang|kewenangan|jabatan|kekuasaan|anggaran|dana|kuasa|aset|fasilitas|posisi)"
_AID = r"(?:dana|bantuan|blt|pkh|bos|insentif|honor|gaji|tunjangan|upah|santunan|beasiswa|pip)"
_PATTERNS = (
    r"\bpungli\b|\bpungutan\b|\bdipungli\b|\bmemungli\b",
    r"\b(?:suap\w*|(?:meny|di|peny)uap\w*|sogok\w*|(?:meny|peny)ogok\w*|disogok\w*|disuap\w*)\b",
    r"\bgratifikasi\b|\bkomisi\b|\bkick ?back\b|\buang (?:rokok|pelicin|damai|kopi|terima ?kasih|lelah|tutup mulut)\b",
    r"\b(?:ke|di|me|per)?(?:korup\w*|ngorup\w*|calo\w*)\b|\bkolusi\b|\bnepotisme\b|\bkkn\b|\btipikor\b",
    r"\b(?:penyalah ?gunaan|menyalah ?gunakan|disalah ?gunakan|penyelewengan|menyelewengkan|diselewengkan)\b",
    rf"\b{_MISUSED} (?:\w+ ){{0,2}}(?:disalahgunakan|diselewengkan|ditilep|digelapkan|dikorupsi)\b",
    r"\b(?:penggelapan|menggelapkan|digelapkan|ditilep|menilep|disunat|menyunat|mark ?up|fiktif)\b",
    rf"\b{_MADE_TO_PAY} (?:\w+ ){{0,3}}{_MONEY}\b",
    rf"\b{_MONEY} (?:\w+ ){{0,3}}{_MADE_TO_PAY}\b",
    rf"\b(?:potong|memotong|dipotong|pemotongan|potongan) (?:\w+ ){{0,3}}{_AID}\b",
    rf"\b{_AID} (?:\w+ ){{0,6}}(?:dipotong|dipotongi|disunat|tidak utuh)\b",
    r"\b(?:tender|lelang|proyek|pengadaan|pemenang\w*) (?:\w+ ){0,4}(?:diatur|dikondisikan|titipan|fiktif|bodong)\b",
    r"\b(?:tanpa|tidak ada|gak ada|ga ada|tak ada|tdk ada) (?:karcis|kuitansi|kwitansi|tanda terima|struk)\b",
    r"\boknum\b|\bmafia\b|\bbacking\b|\bbeking\b|\bpremanisme?\b",
    r"\b(?:asal|harus|wajib|mesti|supaya|disuruh) (?:\w+ ){0,2}(?:setor|nyetor|menyetor|bayar di bawah meja)\b",
    r"\bjual ?beli jabatan\b|\btitip absen\b|\babsen(?:nya|si)? (?:fiktif|palsu|penuh)\b|\bmangkir\b|\borang dalam\b",
    rf"\b{_OFFICIAL} (?:\w+ ){{0,6}}(?:tidak netral|kampanye|berjudi|memukul|menganiaya|melecehkan|mengancam)\b",
    r"\b(?:pemalsuan|memalsukan|dipalsukan) (?:\w+ ){0,2}(?:data|dokumen|surat|tanda tangan|stempel|nilai|absen\w*)\b",
    r"\b(?:mobil|motor|kendaraan|rumah) dinas (?:\w+ ){0,4}(?:pribadi|keluarga|disewakan|mudik|dijual)\b",
    r"\bmelanggar (?:hukum|kode etik|sumpah jabatan|disiplin)\b|\bpelanggaran (?:disiplin|kode etik|hukum)\b",
)
_HINTS = re.compile("|".join(f"(?:{one})" for one in _PATTERNS))
_BETWEEN = re.compile(r"[^a-z0-9]+")


def hints_at_pengawasan(text: str) -> bool:
    """Return whether a report's words (title and text) hint at abuse of authority or a breach of law by an official."""
    return _HINTS.search(_BETWEEN.sub(" ", plainly(text).text)) is not None
