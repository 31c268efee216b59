"""Build the site: `uv run --group docs python -m docs.site`.

Without words it becomes the copy that `hesim docs` opens and the wheel holds. With `--into FOLDER`
it becomes FOLDER/VERSION, and FOLDER/index.html lists the versions that lie there.
"""

from __future__ import annotations

import argparse
import html
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from docs.site.extension import edition
from docs.site.navigation import DOCS
from docs.site.requests import foreign_requests

from hesim import __version__
from hesim.cli.docs import COPY, EDITION

STRICT = ("-W", "--keep-going", "-n", "-q")
LIST = """\
<!doctype html>
<html lang="en"><meta charset="utf-8"><title>hesim: versions</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<h1>Documentation of hesim</h1>
<ul>
{lines}
</ul>
"""


def build(target: Path, source: Path = DOCS) -> int:
    """Build a site, and say what is wrong with it; 0 if nothing is.

    Args:
        target: Folder of the site; it is emptied first.
        source: Folder of the pages.
    """
    from sphinx.cmd.build import main as sphinx

    shutil.rmtree(target, ignore_errors=True)
    with TemporaryDirectory() as trees:
        # Always from the start: what is left of an earlier build can hide a warning.
        code = sphinx([*STRICT, "-c", str(DOCS / "site"), "-d", trees, str(source), str(target)])
    foreign = foreign_requests(target)
    for line in foreign:
        print(f"asks another server: {line}", file=sys.stderr)
    if code == 0 and not foreign:
        (target / EDITION).write_text(f"{edition()}\n", encoding="utf-8")
    return code or int(bool(foreign))


def list_versions(folder: Path) -> None:
    """Write the list of the versions that lie in a folder, the newest first."""
    found = [place.parent.name for place in folder.glob(f"*/{EDITION}")]
    names = sorted(found, key=_numbers, reverse=True)
    lines = (f'<li><a href="{html.escape(n)}/index.html">{html.escape(n)}</a></li>' for n in names)
    (folder / "index.html").write_text(LIST.format(lines="\n".join(lines)), encoding="utf-8")


def _numbers(version: str) -> list[tuple[int, str]]:
    return [(int(part) if part.isdigit() else -1, part) for part in version.split(".")]


def main() -> int:
    """Build, and say where the site is."""
    parser = argparse.ArgumentParser(prog="python -m docs.site", description=__doc__)
    parser.add_argument("--into", type=Path, help="folder of several versions")
    into = parser.parse_args().into
    target = COPY if into is None else into / __version__
    code = build(target)
    if code:
        print("The site is not built: see above.", file=sys.stderr)
        return code
    if into is not None:
        list_versions(into)
    print(target / "index.html")
    return 0


if __name__ == "__main__":
    sys.exit(main())
