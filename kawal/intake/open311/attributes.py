"""The attributes that a service asks for besides the standard's own arguments, the same for all services of an
agency.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kawal.domain.names import ReportClass
from kawal.store.directory import Opd

YES, NO = "ya", "tidak"
EXTERNAL_IDS = ("fixmystreet_id", "external_id", "service_request_id_ext")
"""Where clients put their own number of a report, which makes a retry harmless."""

_YES_OR_NO = ((YES, "Ya"), (NO, "Tidak"))
_CLASSES = tuple((str(one), str(one).replace("_", " ").capitalize()) for one in ReportClass)


def attributes(opds: Sequence[Opd]) -> list[dict[str, Any]]:
    """Return a service definition's attributes; `opds` are those that a reporter may choose."""
    lines: list[dict[str, Any]] = [
        _attribute("judul", "string", "Judul laporan (paling banyak 150 huruf)"),
        _attribute("klasifikasi", "singlevaluelist", "Jenis laporan", values=_CLASSES),
        _attribute("tanggal_kejadian", "datetime", "Tanggal kejadian", hint="YYYY-MM-DD"),
        _attribute("opd", "singlevaluelist", "OPD yang dituju", values=[(one.code, one.name) for one in opds]),
        _attribute("anonim", "singlevaluelist", "Sembunyikan identitas saya", values=_YES_OR_NO),
        _attribute("rahasia", "singlevaluelist", "Rahasiakan isi laporan dari publik", values=_YES_OR_NO),
        # FixMyStreet fills this attribute in automatically wherever a service asks for it.
        _attribute("fixmystreet_id", "string", "Nomor laporan di sistem pengirim") | {"automated": "server_set"},
    ]
    for order, line in enumerate(lines, 1):
        line["order"] = order
    return lines


def _attribute(
    code: str, datatype: str, description: str, *, hint: str = "", values: Sequence[tuple[str, str]] = ()
) -> dict[str, Any]:
    line: dict[str, Any] = {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": hint or None,
        "order": 0,
        "description": description,
    }
    if values:
        line["values"] = [{"key": key, "name": name} for key, name in values]
    return line


def truth(given: Mapping[str, str], *names: str) -> bool:
    """Tell whether any of these arguments says yes, in the words that clients use for it."""
    return any(given.get(name, "").strip().lower() in (YES, "yes", "true", "1", "on") for name in names)
