"""The operator's tile server: what is accepted, what is refused and leaves what stood before."""

from __future__ import annotations

from pathlib import Path

import pytest

from kawal.console.pages.site import Site
from tests.console.pages.test_site import write

DOCS = Path(__file__).parents[3] / "docs"
GOOD = "https://tile.example.go.id/{z}/{x}/{y}.png"
CREDIT = 'credit = "© BIG"\n'


def table(tiles: str, rest: str = CREDIT) -> str:
    return f"[map]\ntiles = '{tiles}'\n{rest}"


@pytest.mark.parametrize(
    ("tiles", "origin"),
    [
        (GOOD, "https://tile.example.go.id"),
        ("https://a.example:8443/t?x={x}&y={y}&z={z}&key=a-B_1", "https://a.example:8443"),
        ("http://127.0.0.1:8080/{z}/{y}/{x}", "http://127.0.0.1:8080"),
        ("http://10.20.30.40/{z}/{x}/{y}@2x.png", "http://10.20.30.40"),
        ("http://localhost/{z}/{x}/{y}.webp", "http://localhost"),
    ],
)
def test_a_server_is_named_in_the_policy_by_its_origin_alone(tmp_path: Path, tiles: str, origin: str) -> None:
    write(tmp_path / "site.toml", table(tiles))
    server = Site(tmp_path).tiles()
    assert server is not None
    assert (server.origin, server.deepest) == (origin, 18)
    address = server.address(13, 6471, 4075)
    assert address.startswith(f"{origin}/")
    assert all(number in address for number in ("13", "6471", "4075"))
    assert "{" not in address


@pytest.mark.parametrize(
    "refused",
    [
        table(GOOD, ""),
        table(GOOD, 'credit = ""\n'),
        table(GOOD, CREDIT + "deepest = 12\n"),
        table(GOOD, CREDIT + "deepest = 23\n"),
        table(GOOD, CREDIT + "shallowest = 1\n"),
        "[map]\n" + CREDIT,
        table("http://tile.example.go.id/{z}/{x}/{y}.png"),
        table("http://8.8.8.8/{z}/{x}/{y}.png"),
        table("ftp://tile.example.go.id/{z}/{x}/{y}.png"),
        table("https://user:sandi-rahasia@tile.example.go.id/{z}/{x}/{y}.png"),
        table("https://user:123@tile.example.go.id/{z}/{x}/{y}.png"),
        table("https://{s}.tile.example.go.id/{z}/{x}/{y}.png"),
        table("https://{z}.example/{x}/{y}.png"),
        table("https://tile.example.go.id/{z}/{x}.png"),
        table("https://tile.example.go.id/{z}/{x}/{x}/{y}.png"),
        table("https://tile.example.go.id/{z}/{x}/{y}{r}.png"),
        table("https://tile.example.go.id/{z}/{x}/{y}.png#a"),
        table("https://tile.example.go.id; script-src */{z}/{x}/{y}.png"),
        table("https://*.example.go.id/{z}/{x}/{y}.png"),
        table("//tile.example.go.id/{z}/{x}/{y}.png"),
        table('https://tile.example.go.id/{z}/{x}/{y}.png"'),
        table("https://tile.example.go.id/{z}/{x}/{y}.png\n"),
    ],
)
def test_a_wrong_one_is_refused_and_the_last_good_texts_stay(
    tmp_path: Path, refused: str, capsys: pytest.CaptureFixture[str]
) -> None:
    site = Site(tmp_path)
    write(tmp_path / "site.toml", table(GOOD))
    assert site.tiles() is not None
    write(tmp_path / "site.toml", refused)
    kept = site.tiles()
    assert kept is not None
    assert kept.tiles == GOOD
    said = capsys.readouterr().out
    assert "site_texts_unreadable" in said
    assert "sandi-rahasia" not in said


@pytest.mark.parametrize("page", ["pages.md", "map.md"])
def test_the_documented_file_is_one_that_is_accepted(tmp_path: Path, page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    [example] = [block for block in text.split("```")[1::2] if "[map]" in block]
    write(tmp_path / "site.toml", example)
    server = Site(tmp_path).tiles()
    assert server is not None
    assert (server.origin, server.deepest) == ("https://tile.example.go.id", 18)


def test_without_the_table_there_is_none(tmp_path: Path) -> None:
    write(tmp_path / "site.toml", '[message]\nid = "Halo."\n')
    assert Site(tmp_path).tiles() is None
