"""The command `hesim docs`: open the copy of the documentation that lies in the package."""

from __future__ import annotations

import sys

from hesim import __version__
from hesim.cli.commands import NOTHING, _read, _refuse, _reports_bad_input
from hesim.sources import DOCUMENTATION, PACKAGE

COPY = PACKAGE / DOCUMENTATION
"""The site, where it was built; git ignores it, and the wheel holds it."""
EDITION = "edition.txt"
"""File of a site that says of which version and commit it is."""
ABSENT = """\
hesim: this hesim holds no copy of its documentation. In a checkout
`uv run --group docs python -m docs.site` builds one; docs/ there has the same as Markdown."""


@_reports_bad_input
def docs(arguments: list[str]) -> int:
    """Open the documentation, and print where it is: 0 good, 1 there is no copy, 2 bad input."""
    words = _read(arguments, flags=("--no-open",), settings=False, takes=NOTHING)
    _refuse(words, [*words.plain, *words.overrides])
    file, edition = COPY / "index.html", COPY / EDITION
    if not (file.is_file() and edition.is_file()):
        print(ABSENT, file=sys.stderr)
        return 1
    made_of = edition.read_text(encoding="utf-8").strip()
    if made_of.partition(",")[0] != f"hesim {__version__}":
        print(f"hesim: this copy is of {made_of}, and not of {__version__}", file=sys.stderr)
    print(file)
    if "--no-open" not in words.flags:
        import webbrowser

        webbrowser.open(file.as_uri())
    return 0
