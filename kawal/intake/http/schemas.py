"""The bodies of requests and responses: a report as submitted, the receipt, a problem."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from kawal.domain.names import ReportClass
from kawal.domain.process.commands import FILES_LIMIT, Code, Text
from kawal.domain.report import GivenReport


class ReportIn(GivenReport):
    """A report as a citizen or an adapter sends it. The channel is that of the token; without one it is the web."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "title": "Jalan berlubang di depan pasar",
                    "text": "Sudah dua bulan jalan di depan Pasar Bincen berlubang besar, motor sering jatuh.",
                    "class": "pengaduan",
                    "category": "PEKERJAAN UMUM DAN PENATAAN RUANG / JALAN BERLUBANG",
                    "anonim": True,
                    "place": {"text": "Jl. Gatot Subroto, Tanjungpinang", "latitude": 0.9186, "longitude": 104.4665},
                    "occurred_on": "2026-01-12",
                    "reporter": {"name": "Siti Aminah", "phone": "+62 812 0000 0000"},
                },
                {"title": "Lampu jalan padam", "text": "Lampu jalan di Batu 9 padam sejak Senin."},
            ]
        },
    )

    instansi: Code | None = None
    """The agency's code, where the installation has several."""
    proposed_class: Annotated[ReportClass | None, Field(alias="class")] = None
    chosen_opd: Annotated[Code | None, Field(alias="opd")] = None


class ReplyIn(BaseModel):
    """The reporter's reply."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"text": "Lubangnya persis di depan kios nomor 12."}]}
    )

    text: Text
    files: Annotated[list[Code], Field(max_length=FILES_LIMIT)] = Field(default_factory=list)
    """Names of files uploaded before."""


class ReceiptOut(BaseModel):
    """The receipt for the reporter: with number and secret the report can be followed and added to."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "tracking_id": "1234567",
                    "secret": "7KX2M9QD4T",
                    "link": "https://lapor.example.org/l/1234567/7KX2M9QD4T",
                    "location": "/api/v1/reports/1234567",
                }
            ]
        }
    )

    tracking_id: str
    secret: str
    link: str | None = None
    """The reporter's own page, opened by whoever has the link; null where the public address is not known."""
    location: str
    """Where to follow it."""
