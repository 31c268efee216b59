"""Each page of the site stands in one part, and the two languages lead to one another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs.site import extension
from docs.site.extension import supplement
from docs.site.navigation import BORROWED, ROOT, parted_pages, site_pages, toctrees, translation_of
from docs.site.reference import public_names


def test_every_page_stands_in_one_part() -> None:
    pages = site_pages()
    placed = [page for names in parted_pages(pages).values() for page in names]
    assert sorted(placed) == pages
    assert {"levers", "reference/settings", "glossary"} <= set(pages)
    assert "index" not in pages


def test_pages_follow_the_order_of_their_part_and_a_new_one_is_explanation() -> None:
    pages = ["nl/uitleg", "nl/eerste-uur", "tutorials/b", "tutorials/a", "mesa", "brand-new", "odd"]
    assert parted_pages(pages) == {
        "Tutorials": ["tutorials/a", "tutorials/b", "mesa"],
        "Explanation": ["odd", "brand-new"],
        "Nederlands": ["nl/eerste-uur", "nl/uitleg"],
    }


def test_hidden_files_are_no_pages(tmp_path: Path) -> None:
    for name in ("index.md", "a.md", "notebooks/b.ipynb", ".hidden/c.md", "_build/d.md", "e.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert site_pages(tmp_path) == ["a", "notebooks/b"]


@pytest.mark.parametrize(
    ("page", "translation"),
    [
        ("first-hour", "nl/eerste-uur"),
        ("nl/eerste-uur", "first-hour"),
        ("faq", "nl/faq"),
        ("nl/faq", "faq"),
        ("nl/index", "index"),
        ("index", "nl/index"),
        ("odd", None),
        ("nl/modelkaart", None),
    ],
)
def test_a_page_leads_to_the_same_one_in_the_other_language(
    page: str, translation: str | None
) -> None:
    pages = ["first-hour", "nl/eerste-uur", "faq", "nl/faq", "nl/index", "odd", "nl/modelkaart"]
    assert translation_of(page, pages) == translation


def test_the_first_page_gets_the_navigation(tmp_path: Path) -> None:
    (tmp_path / "odd.md").touch()
    text = supplement("index", "# Home", tmp_path)
    assert text.startswith("# Home\n")
    assert text.rstrip().endswith(toctrees(["odd"]))
    assert toctrees(["odd"]) == "```{toctree}\n:caption: Explanation\n:maxdepth: 1\n\nodd\n```"


def test_the_page_of_the_python_interface_gets_every_docstring() -> None:
    text = supplement("reference/python", "# Python")
    for name in public_names():
        assert f":: {name}\n" in text
    assert supplement("levers", "# The levers") == "# The levers"


def test_a_link_out_of_the_folder_leads_to_a_copy_or_to_the_page_that_shows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    link = "[why](../experiments/README.md#here), [in](../docs/odd.md), [in](../odd.md)"
    assert supplement("odd", link).startswith(
        "[why](path:../experiments/README.md#here), [in](../docs"
    )
    # A page that shows a file from the top of the checkout.
    monkeypatch.setitem(BORROWED, "levers", "CHANGELOG.md")
    assert supplement("odd", "[new](../CHANGELOG.md)") == "[new](levers.md)"
    assert supplement("reference/python", "[new](../../CHANGELOG.md)").startswith(
        "[new](../levers.md)"
    )


def test_a_borrowed_page_shows_the_file_from_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(BORROWED, "readme", "README.md")
    text = supplement("readme", "See the README.")
    assert text.startswith((ROOT / "README.md").read_text(encoding="utf-8")[:40])
    assert "](levers.md)" in text
    assert "docs/" not in "".join(re.findall(r"\]\([^)]*\)", text))


def test_links_of_a_borrowed_page_lead_where_they_led(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(extension, "ROOT", tmp_path)
    (tmp_path / "CHANGELOG.md").write_text(
        "[a](docs/odd.md) [b](README.md) [c](https://a.org) [d](#here) [e](LICENSE)",
        encoding="utf-8",
    )
    assert supplement("changelog", "") == (
        "[a](odd.md) [b](path:../README.md) [c](https://a.org) [d](#here) [e](../LICENSE)"
    )
