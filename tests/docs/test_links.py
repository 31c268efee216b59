"""Links within the texts lead somewhere, on a code forge as on the site."""

from __future__ import annotations

from pathlib import Path

import pytest
from docs.site import links as module
from docs.site.links import ROOT, anchors, broken, links, main, texts
from docs.site.requests import foreign_requests


def test_every_link_within_leads_somewhere() -> None:
    found = [link for file in texts() for link in links(file)]
    faults = [f"{link.file.relative_to(ROOT)}: {link.target}" for link in found if broken(link)]
    assert not faults, "\n".join(faults)
    assert len(found) > 100


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "other.md").write_text(
        '# Dial\'s `end` & more\n\n## Twice\n\n## Twice\n\n<a id="here"></a>\n\n'
        "```\n# no heading, and [no link](nowhere.md)\n```\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.parametrize(
    ("target", "fault"),
    [
        ("docs/other.md", ""),
        ("docs/other.md#dials-end--more", ""),
        ("docs/other.md#twice-1", ""),
        ("docs/other.md#here", ""),
        ("#title", ""),
        ("docs", ""),
        ("https://example.org/nothing", ""),
        ("docs/other.md#twice-2", "there is no such heading"),
        ("docs/other.md#no-heading-and-no-link", "there is no such heading"),
        ("#nothing", "there is no such heading"),
        ("docs#part", "there is no such heading"),
        ("docs/others.md", "there is no such file"),
        ("../", "leaves the checkout"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(book: Path, target: str, fault: str) -> None:
    file = book / "README.md"
    file.write_text(f"# Title\n\n| A |\n|---|\n| [words]({target}) |\n", encoding="utf-8")
    (link,) = links(file)
    assert link.target == target
    assert broken(link, book) == fault


def test_pictures_are_links_too_and_code_is_none(book: Path) -> None:
    assert list(links(book / "docs" / "other.md")) == []
    file = book / "README.md"
    file.write_text("![shot](images/shot.png)\n\n    [x](y)\n", encoding="utf-8")
    (link,) = links(file)
    assert broken(link, book) == "there is no such file"
    assert anchors(file) == frozenset()


def test_addresses_elsewhere_are_listed_once(
    book: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    (book / "README.md").write_text("<https://b.org> [a](https://a.org)", encoding="utf-8")
    (book / "docs" / "more.md").write_text("[a](https://a.org) [x](gone.md)", encoding="utf-8")
    monkeypatch.setattr(module, "ROOT", book)
    monkeypatch.setattr(module, "texts", lambda: texts(book))
    assert main() == 1
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "https://a.org  (README.md, docs/more.md)",
        "https://b.org  (README.md)",
        "2 addresses elsewhere, none of them fetched",
    ]
    assert shown.err == "docs/more.md: gone.md: there is no such file\n"


@pytest.mark.parametrize(
    ("name", "text", "address"),
    [
        ("a.html", '<script src="https://cdn.org/x.js"></script>', "https://cdn.org/x.js"),
        ("a.html", '<link rel="stylesheet" href="//cdn.org/x.css">', "//cdn.org/x.css"),
        ("a.html", '<link rel="preconnect" href="https://fonts.org">', "https://fonts.org"),
        ("a.html", '<img alt="" src="http://a.org/b.png"/>', "http://a.org/b.png"),
        ("a.html", "<style>p {background: url(https://a.org/b)}</style>", "https://a.org/b"),
        ("a.html", "<p style=\"background: url('https://a.org/b')\">", "https://a.org/b"),
        ("a.css", '@import "https://fonts.org/x";', "https://fonts.org/x"),
        ("a.svg", '<svg><image href="https://a.org/b.png"/></svg>', "https://a.org/b.png"),
        ("a.html", '<a href="https://a.org">x</a><link rel="author" href="https://a.org">', ""),
        ("a.html", '<script src="_static/x.js"></script><img src="data:image/png;base64,x">', ""),
        ("a.css", "p {background: url(data:image/svg+xml;x)}", ""),
    ],
)
def test_what_a_page_asks_of_other_servers_is_found(
    tmp_path: Path, name: str, text: str, address: str
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / name).write_text(text, encoding="utf-8")
    assert foreign_requests(tmp_path) == ([f"sub/{name}: {address}"] if address else [])
