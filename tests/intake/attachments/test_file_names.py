"""Declared names become harmless names."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kawal.intake.attachments.file_names import safe_name


@pytest.mark.parametrize(
    ("declared", "safe"),
    [
        ("foto.jpg", "foto.jpg"),
        ("Jalan rusak (2).JPEG", "Jalan rusak (2).jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\Siti\\foto.png", "foto.jpg"),
        ("foto\u202egpj.exe", "fotogpj.jpg"),
        ("a\r\nSet-Cookie: x.jpg", "aSet-Cookie_ x.jpg"),
        ("nul\x00.jpg", "lampiran_nul.jpg"),
        ("con.jpg", "lampiran_con.jpg"),
        ("", "lampiran.jpg"),
        ("....", "lampiran.jpg"),
        (".jpg", "lampiran.jpg"),
        ('"><script>.jpg', "___script_.jpg"),
        ("laporan v1.2.pdf", "laporan v1.2.jpg"),
        ("лямпа лого.txt", "лямпа лого.jpg"),
    ],
)
def test_a_declared_name_is_made_harmless(declared: str, safe: str) -> None:
    assert safe_name(declared, "jpg") == safe


@given(st.text(max_size=3000))
def test_no_name_holds_a_path_a_hidden_character_or_too_much(declared: str) -> None:
    name = safe_name(declared, "pdf")
    assert name.endswith(".pdf")
    assert len(name) > len(".pdf")
    assert len(name.encode()) <= 255
    assert not set(name) & set('/\\<>:"|?*\r\n\0')
    assert not name.startswith(".")
    assert all(unicodedata.category(char) not in ("Cc", "Cf", "Cs") for char in name)
    assert safe_name(name, "pdf") == name
