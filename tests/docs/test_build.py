"""The site is built strictly, in both languages, and asks nothing of other servers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from docs.site.__main__ import build, list_versions
from docs.site.extension import edition
from docs.site.navigation import site_pages
from docs.site.requests import foreign_requests

from hesim import __version__
from hesim.cli.docs import EDITION

NOTEBOOK = """\
---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# A notebook

```{code-cell} python
import hesim
print("of version", hesim.__version__, 6 * 7)
```
"""


def write(folder: Path, **pages: str) -> Path:
    for name, text in pages.items():
        file = folder / f"{name.replace('__', '/')}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def test_the_versions_are_listed_the_newest_first(tmp_path: Path) -> None:
    for name in ("0.9.0", "0.10.0", "1.0.0rc1", "1.0.0"):
        (tmp_path / name).mkdir()
        (tmp_path / name / EDITION).touch()
    (tmp_path / "unfinished").mkdir()
    list_versions(tmp_path)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert re.findall('href="([^"]+)/index.html"', text) == ["1.0.0", "1.0.0rc1", "0.10.0", "0.9.0"]


def test_the_edition_names_version_and_commit() -> None:
    assert edition().startswith(f"hesim {__version__}")


@pytest.mark.long
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("myst_nb")
    assert build(tmp_path / "site") == 0
    assert foreign_requests(tmp_path / "site") == []
    for name in ("index", *site_pages()):
        text = (tmp_path / "site" / f"{name}.html").read_text(encoding="utf-8")
        assert f'lang="{"nl" if name.startswith("nl/") else "en"}"' in text
        assert edition() in text
    whole = (tmp_path / "site" / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(whole.removeprefix("Search.setIndex(").rstrip(")"))
    assert set(site_pages()) <= set(index["docnames"])
    assert (tmp_path / "site" / EDITION).read_text(encoding="utf-8") == f"{edition()}\n"


@pytest.mark.long
@pytest.mark.parametrize(
    "link",
    ["other.md#nothing", "#nothing", "nothing.md", "<project:#nothing>", "{py:func}`hesim.runs`"],
)
def test_a_broken_link_stops_the_build(
    tmp_path: Path, link: str, capfd: pytest.CaptureFixture
) -> None:
    pytest.importorskip("myst_nb")
    words = link if link.startswith(("<", "{")) else f"[words]({link})"
    source = write(tmp_path / "docs", index=f"# Home\n\n{words}\n", other="# Other\n")
    assert build(tmp_path / "site", source) == 1
    assert "WARNING" in capfd.readouterr().err
    assert not (tmp_path / "site" / EDITION).exists()


@pytest.mark.long
def test_two_languages_and_a_notebook_on_one_site(tmp_path: Path) -> None:
    pytest.importorskip("myst_nb")
    source = write(
        tmp_path / "docs",
        index="# Home\n\n[there](other.md#a-part)\n",
        other="# Other\n\n## A part\n\nA formula: {math}`x^2`.\n",
        nl__other="# Andere\n\n[thuis](../index.md)\n\n## Deel\n",
        notebooks__one=NOTEBOOK,
    )
    assert build(tmp_path / "site", source) == 0
    english = (tmp_path / "site" / "other.html").read_text(encoding="utf-8")
    dutch = (tmp_path / "site" / "nl" / "other.html").read_text(encoding="utf-8")
    assert '<a href="nl/other.html" hreflang="nl" lang="nl">Nederlands</a>' in english
    assert '<a href="../other.html" hreflang="en" lang="en">English</a>' in dutch
    assert re.search(r'<html[^>]* lang="nl"', dutch)
    assert "Op deze pagina" in dutch
    assert "On this page" in english
    assert "<math" in english
    shown = (tmp_path / "site" / "notebooks" / "one.html").read_text(encoding="utf-8")
    assert f"of version {__version__} 42" in shown
