"""How programs introduce what they quote or forward, and sign what they send, in Indonesian and English."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

_LABELS = {
    "from": ("from", "dari", "pengirim"),
    "date": ("date", "sent", "dikirim", "terkirim", "tanggal", "tgl", "waktu", "dikirim pada"),
    "to": ("to", "kepada", "ke", "untuk", "penerima"),
    "subject": ("subject", "perihal", "subjek", "judul", "hal"),
    "other": (
        *("cc", "bcc", "tembusan", "sender", "reply-to", "replyto", "balas ke", "balasan ke", "importance", "priority"),
        *("kepentingan", "prioritas", "attachments", "lampiran", "organization", "reply to"),
    ),
}
_KINDS = {label: kind for kind, labels in _LABELS.items() for label in labels}
_FIELD = re.compile(
    rf"\s*\*{{0,2}}({'|'.join(map(re.escape, sorted(_KINDS, key=len, reverse=True)))})\s*:\*{{0,2}}(.*)", re.I
)

_SEPARATOR = re.compile(
    r"\s*(?:_{10,}|={10,}|-{2,}\s*(?:(?:original|reply) (?:message|e-?mail|appointment)"
    r"|(?:pesan|surat|surel|e-?mail) (?:asli|balasan|semula))\s*-{2,})\s*$",
    re.IGNORECASE,
)
_FORWARD = re.compile(
    r"\s*(?:-{2,}\s*)?(?:(?:begin|awal|mulai|memulai)\s+)?(?:forwarded (?:message|e-?mail|by\b.{0,80})"
    r"|(?:pesan|surat|surel|e-?mail) (?:yang )?(?:terusan|diteruskan)|diteruskan oleh\b.{0,80})\s*(?:-{2,}|:)\s*$",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"\s*(?:-{2,}\s*)?(?:on|pada|\d{4}-\d\d-\d\d)\b", re.IGNORECASE)
_ENDS = re.compile(
    r"\b(?:wrote|writes|menulis|menuliskan|tulis)(?:\s*\([^()]{4,60}\)| (?:on|pada) .{4,60})?\s*(?::|-{2,})\s*$",
    re.IGNORECASE,
)
_ENDS_ADDRESS = re.compile(
    r"^ (?:\d{4}-\d\d-\d\d .*|(?:\w{3,10}, )?(?:\d{1,2} \w{3,10}|\w{3,10} \d{1,2},) \d{4},? \d{1,2}[:.]\d\d .{0,20}\b"
    r"(?:dari|from) .*)@[^\s@]{1,190}>:$"
)
"""A date and an address without a verb: Gmail before 2016 (`2022-01-03 9:00 GMT+07:00 Kawal <lapor@example.org>:`), and
Mail.ru (`Senin, 3 Januari 2022, 09:00 +07:00 dari Kawal <lapor@example.org>:`)."""

_ADDRESSED = re.compile(
    r"@\S{1,200}\s+(?:(?:telah |pada .{4,60} )?(?:wrote|writes|menulis|menuliskan|tulis))\b", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+'=-]{1,64}@[\w.-]{1,190}\w")
_OUR_SUBJECT = re.compile(r"\[Kawal [0-9]{7,9}(?:-[A-Z2-7]{10})?\]", re.I)
_CODE = re.compile(r"\+[0-9]{7,9}-[A-Z2-7]{10}(?=@)", re.I)

_LONGEST_LINE = 1_000
_MOST_LINES = 4
"""The lines over which an introduction may be broken."""

_LONGEST_END = 120
_MOST_FIELDS = 40
_LONGEST_PROGRAM = 160
_SENT = re.compile(
    r"\s*(?:(?:dikirim|terkirim|kirim|sent) (?:dari|dengan|menggunakan|melalui|lewat|via|from|with|using)"
    r"|dapatkan|get|unduh|powered by|yahoo mail:|bebas virus\b|virus-free\b)",
    re.IGNORECASE,
)
_DEVICE = re.compile(
    r"iphone|ipad|galaxy|samsung|android|blackberry|yahoo|outlook|windows|xiaomi|redmi|poco|oppo|vivo|realme"
    r"|huawei|nokia|gmail|proton|protonmail|thunderbird|k-9|ponsel|telepon|handphone|hp|smartphone|mobile"
    r"|perangkat|tablet|ipadku|iphoneku|infinix|tecno|itel|asus|honor|advan|evercoss|lenovo|motorola|oneplus|lg|sony"
    r"|xperia|zenfone|pixel|yandex|avast|avg|zoho|zimbra|bluemail|aquamail|spark|macbook|imac"
)
_PROGRAM_WORD = re.compile(
    r"a|an|and|anda|any|aplikasi|app|atas|axis|brevity|by|dan|dapatkan|dari|dengan|desktop|device|di|dikirim"
    r"|e-mail|email|excuse|for|from|genggam|get|indosat|ios|jaringan|keringkasan|kesalahan|ketik|ku|lewat|lite"
    r"|kirim|aman|atur|cari|conquer|cerdas|free|organize|search|taklukkan|bebas|virus|virus-free|www|com"
    r"|maaf|maafkan|mac|mail|max|melalui|menggunakan|mini|mohon|my|network|note|on|pesan|phone|pintar|please|plus"
    r"|powered|pro|saya|secure|seluler|sent|singkatnya|smartfren|surat|surel|telkomsel|terkirim|the|typos|ultra"
    r"|unduh|untuk|using|via|wireless|with|xl"
)
_WORD = re.compile(r"\w[\w-]*")
_LINK = re.compile(r"<?https?://\S+")


class Source(NamedTuple):
    """What a letter tells about those whose letters it may quote: the addresses and domains that are ours."""

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()


class Introduction(NamedTuple):
    """The lines with which a program introduces a quoted or forwarded letter."""

    lines: int
    addressed: bool
    """Whether it names an address, or is a header block: then it introduces lines without a mark too."""
    ours: bool
    """Whether it surely names us."""
    strange: bool
    """Whether it surely names somebody else, or is a forwarded letter that is not surely ours."""


def introduction(lines: Sequence[str], at: int, ours: Source) -> Introduction | None:
    """Return the introduction that begins with this line, if one does; the lines are without marks of quotation."""
    line = lines[at][:_LONGEST_LINE]
    if not line.strip():
        return None
    forward = _FORWARD.match(line) is not None
    separated = forward or _SEPARATOR.match(line) is not None
    begin = _past_blank(lines, at + 1) if separated else at
    block = _header_block(lines, begin, separated=separated)
    if block is not None:
        end, fields = block
        mine, strange = _whose(fields["from"], fields.get("subject", ""), ours)
        return Introduction(end - at, addressed=True, ours=mine, strange=not mine if forward else strange)
    if forward or (separated and "-" in line):
        return Introduction(1, addressed=True, ours=False, strange=forward)
    return _attribution(lines, at, ours)


def is_program(line: str) -> bool:
    """Tell whether a line is what a program or a telephone signs with, and says nothing else."""
    if len(line) > _LONGEST_PROGRAM or _SENT.match(line) is None:
        return False
    words = {word.lower() for word in _WORD.findall(_LINK.sub("", line))}
    others = {word for word in words if _DEVICE.fullmatch(word) is None}
    return others != words and all(_PROGRAM_WORD.fullmatch(word) or any(map(str.isdigit, word)) for word in others)


def names_us(text: str) -> bool:
    """Tell whether a quoted text carries a mark that only our letters have."""
    return _OUR_SUBJECT.search(text) is not None or _CODE.search(text) is not None


def without_code(address: str) -> str:
    """Return an address as mailboxes are compared: without what follows a plus, and in lower case."""
    local, _, domain = address.strip().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}".casefold()


def has_code(address: str) -> bool:
    """Tell whether this is the address of one report."""
    return _CODE.search(address) is not None


def is_near(domains: Collection[str], ours: Collection[str]) -> bool:
    """Tell whether a domain is ours, or near it: notices may come from another than takes the answers."""
    own = {one.rpartition("@")[2] for one in ours}
    return any(_is_within(domain, own) for domain in domains)


def _past_blank(lines: Sequence[str], at: int) -> int:
    end = min(len(lines), at + 3)
    while at < end and not lines[at].strip():
        at += 1
    return at


def _header_block(lines: Sequence[str], at: int, *, separated: bool) -> tuple[int, dict[str, str]] | None:
    """Return where the header of a letter that begins here ends, and its fields."""
    fields: dict[str, str] = {}
    end, kind, wrapped = at, "", 0
    for number in range(at, min(len(lines), at + _MOST_FIELDS)):
        found = _FIELD.match(lines[number][:_LONGEST_LINE])
        if found is not None:
            kind, wrapped = _KINDS[found[1].lower()], 0
            fields.setdefault(kind, found[2].strip())
            end = number + 1
        elif not lines[number].strip():
            # In pages each field may be a paragraph.
            if not fields or number + 1 >= len(lines) or _FIELD.match(lines[number + 1][:_LONGEST_LINE]) is None:
                break
        elif not fields or wrapped == _MOST_LINES or not _goes_on(lines, number):
            break
        else:
            wrapped += 1
            fields[kind] += f" {lines[number][:_LONGEST_LINE].strip()}"
    return (end, fields) if _is_header(fields, separated=separated) else None


def _goes_on(lines: Sequence[str], at: int) -> bool:
    """Tell whether a line within a header is the rest of a field: another field follows soon."""
    following = lines[at + 1 : at + 1 + _MOST_LINES]
    for line in following:
        if not line.strip():
            return False
        if _FIELD.match(line[:_LONGEST_LINE]) is not None:
            return True
    return False


def _is_header(fields: dict[str, str], *, separated: bool) -> bool:
    """Tell a letter's header from a reporter's own lines, which may begin with "From:" as well."""
    if "from" not in fields:
        return False
    if separated:
        return bool(fields.keys() & {"date", "to", "subject"})
    dated = any(char.isdigit() for char in fields.get("date", ""))
    return dated and bool(fields.keys() & {"to", "subject"})


def _attribution(lines: Sequence[str], at: int, ours: Source) -> Introduction | None:
    begun = _BEGINS.match(lines[at][:_LONGEST_LINE]) is not None
    said = ""
    # Without its usual beginning it is taken for one in a single line only: the line before may be the reporter's.
    for count, line in enumerate(lines[at : at + (_MOST_LINES if begun else 1)], 1):
        if not line.strip() or len(said) > _LONGEST_LINE or (count > 1 and _BEGINS.match(line[:_LONGEST_LINE])):
            return None
        said = f"{said} {line[:_LONGEST_LINE].strip()}"
        if _ENDS.search(said[-_LONGEST_END:]) is not None or _ENDS_ADDRESS.match(said) is not None:
            return _attributed(said, count, ours)
    return None


def _attributed(said: str, lines: int, ours: Source) -> Introduction | None:
    """Return the introduction that these words are: they name an address, or when something was written."""
    dated = any(char.isdigit() for char in said)
    if not dated and "@" not in said and "kawal" not in said.lower():
        return None
    mine, strange = _whose(said, "", ours)
    addressed = _ADDRESSED.search(said) is not None or said.endswith(">:")
    return Introduction(lines, addressed=addressed, ours=mine, strange=strange)


def _whose(sender: str, subject: str, ours: Source) -> tuple[bool, bool]:
    """Return whether a sender is surely we, and whether surely somebody else."""
    if names_us(subject):
        return True, False
    found = [without_code(one) for one in _ADDRESS.findall(sender)]
    if not found:
        return False, False
    mine = any(one in ours.addresses or _is_within(one.rpartition("@")[2], ours.domains) for one in found)
    known = bool(ours.addresses or ours.domains)
    return mine or has_code(sender), known and not mine and not is_near(
        {one.rpartition("@")[2] for one in found}, ours.addresses
    )


def _is_within(domain: str, domains: Collection[str]) -> bool:
    return any(domain == one or domain.endswith(f".{one}") or one.endswith(f".{domain}") for one in domains)
