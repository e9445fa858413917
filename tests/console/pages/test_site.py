"""What the operator tells every reader: as the file says now; a damaged file keeps what was said."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from kawal.console.pages.site import Site
from kawal.domain.policy import Policy
from tests.console.pages.browser import Browser
from tests.workflows.life import Office


def write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    stamp = file.stat().st_mtime_ns + 1_000_000 * len(text)
    os.utime(file, ns=(stamp, stamp))


def test_without_a_file_nothing_is_said(tmp_path: Path) -> None:
    assert Site(tmp_path).message("id") is None


def test_a_change_is_seen_at_once_and_one_language_serves_both(tmp_path: Path) -> None:
    site = Site(tmp_path)
    write(tmp_path / "site.toml", '[message]\nid = "Pemeliharaan."\n')
    assert (site.message("id"), site.message("en")) == ("Pemeliharaan.", "Pemeliharaan.")
    write(tmp_path / "site.toml", '[message]\nid = "Pemeliharaan."\nen = "Maintenance."\n')
    assert site.message("en") == "Maintenance."
    (tmp_path / "site.toml").unlink()
    assert site.message("en") is None


@pytest.mark.parametrize("damaged", ['[message\nid="x"', "[message]\nid = 5\n", '[mesage]\nid = "x"\n', "\x00"])
def test_a_file_that_cannot_be_read_keeps_what_was_said_and_the_log_says_why(
    tmp_path: Path, damaged: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(tmp_path)
    write(tmp_path / "site.toml", '[message]\nid = "Pemeliharaan."\n')
    assert site.message("id") == "Pemeliharaan."
    write(tmp_path / "site.toml", damaged)
    assert site.message("id") == "Pemeliharaan."
    assert "site_texts_unreadable" in capsys.readouterr().out


async def test_the_help_page_explains_every_status_and_how_long_things_take(browser: Browser) -> None:
    page = await browser.open("/bantuan")
    assert page.status == 200
    for word in ("Belum diverifikasi", "Ditunda", "Proses", "Selesai", "Diarsipkan", "hari kerja", "Inspektorat"):
        assert word in page.text
    assert "14" in page.text


async def test_where_an_agency_has_rules_of_its_own_the_help_page_tells_those_of_each_or_of_the_hosts(
    browser: Browser, office: Office
) -> None:
    complaints = office.complaints
    others = "insert into instansi (code, name) values ('BINTAN', 'Bintan'), ('ANAMBAS', 'Anambas')"
    await complaints.pool.execute(others)
    own = Policy(version="bintan-1", effective_from=date(2000, 1, 1), complete_pengaduan=11)
    await complaints.rulebook.import_policies([own], instansi="BINTAN")
    page = await browser.open("/bantuan")
    agency = await complaints.pool.fetchval("select name from instansi where code = 'KEPRI'")
    assert f"<h3>Anambas, {agency}</h3>" in page.answer.text
    assert page.answer.text.index("<h3>Bintan</h3>") < page.answer.text.index("11 hari kerja")
    site = complaints.settings.home / "site.toml"
    write(site, '[hosts]\n"kawal.test" = "BINTAN"\n')
    page = await browser.open("/bantuan")
    site.unlink()
    assert "<h3>Bintan</h3>" not in page.answer.text
    assert ("11 hari kerja" in page.text, "14 hari kerja" in page.text) == (True, False)
