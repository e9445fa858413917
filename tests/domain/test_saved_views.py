"""What of a list is saved: its page and its filters, from which the address is made again."""

from __future__ import annotations

import pytest

from kawal.domain.names import Role
from kawal.domain.refusals import Refusal
from kawal.domain.saved_views import view_at


@pytest.mark.parametrize(
    ("address", "saved"),
    [
        ("/kerja", "/kerja"),
        ("/kerja?status=proses&setelah=WzFd&lalu=-&ke=//evil.example", "/kerja?status=proses"),
        ("/kerja/cari?q=lampu%20%20jalan", "/kerja/cari?q=lampu+jalan"),
        ("/auditor/log-akses?cari=1&siapa=Ani&sebelum=9", "/auditor/log-akses?siapa=Ani&cari=1"),
    ],
)
def test_a_view_is_the_lists_page_with_its_filters_and_from_its_beginning(address: str, saved: str) -> None:
    assert view_at(address, Role.ADMIN).address == saved


@pytest.mark.parametrize(
    "address",
    [
        *("https://evil.example/kerja", "//evil.example/kerja", "javascript:alert(1)", "http://[/kerja", ""),
        *("/kerja/surat", "/kerja/../kelola", "/kerja/", "/inspektorat?terlambat=1", "/kerja?" + "a=1&" * 50),
    ],
)
def test_what_is_no_list_of_the_role_is_refused(address: str) -> None:
    with pytest.raises(Refusal) as refused:
        view_at(address, Role.ADMIN)
    assert refused.value.code == "view_of_no_list"
